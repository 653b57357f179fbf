/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.services.state.LockClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client may do with a file that it opened, when the mode says otherwise by now. */
class OpenedFilesTest {
  private static final Stateid4 OPENED = new Stateid4(1, 7, 7);

  private final Door4 door = new Door4(null, OpenedFilesTest::judge);
  private final RpcClient stranger =
      door.connect(new Credential.Sys(1, "tester", 1000, 1000, List.of()));

  @AfterEach
  void close() {
    stranger.close();
    door.close();
  }

  private static Stateids.Use judge(
      Compound compound, Stateid4 stateid, Inode file, Stateids.Access access) {
    return new Stateids.Use() {
      @Override
      public LockClient client() {
        return null;
      }

      @Override
      public boolean isOpened() {
        return stateid.equals(OPENED);
      }
    };
  }

  private Nfs4Status write(Stateid4 stateid) {
    return Call4.of(0)
        .root()
        .lookup(Door4.VOLUME)
        .lookup("a")
        .write(stateid, 0, Nfs4.FILE_SYNC, new byte[] {1, 2, 3})
        .send(stranger)
        .status;
  }

  private void chmod(Inode file, int mode) {
    door.volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(mode), null);
  }

  @Test
  void writesOnAndTakesTheBitsThatLendRights() {
    Inode file = door.file("a");
    chmod(file, 06755);
    assertThat(write(Stateid4.ANONYMOUS)).isEqualTo(Nfs4Status.ACCESS);
    assertThat(file.attributes().mode()).isEqualTo(06755);
    assertThat(write(OPENED)).isEqualTo(Nfs4Status.OK);
    assertThat(file.attributes().mode()).isEqualTo(0755);
    assertThat(file.attributes().sizeBytes()).isEqualTo(3);
  }

  @Test
  void readsOn() {
    Inode file = door.file("a");
    chmod(file, 0600);
    Call4 anonymous =
        Call4.of(0).root().lookup(Door4.VOLUME).lookup("a").read(Stateid4.ANONYMOUS, 0, 10);
    assertThat(anonymous.send(stranger).status).isEqualTo(Nfs4Status.ACCESS);
    Call4 opened = Call4.of(0).root().lookup(Door4.VOLUME).lookup("a").read(OPENED, 0, 10);
    assertThat(opened.send(stranger).status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void writeOfAStrangerWhoMayTakesTheBitsThatLendRights() {
    Inode file = door.file("a");
    chmod(file, 06777);
    assertThat(write(OPENED)).isEqualTo(Nfs4Status.OK);
    assertThat(file.attributes().mode() & 04000).isZero();
  }
}
