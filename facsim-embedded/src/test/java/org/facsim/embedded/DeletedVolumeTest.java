/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.RawCalls.Call;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;

/** What the doors remember of a volume goes with it. */
class DeletedVolumeTest {
  /** Behind a cookie of four bytes. */
  private static final int STATUS = 8;

  private static Inode make(FacsimArray array, String volumeName) {
    Volume volume = array.storage().volume(volumeName).orElseThrow();
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of("file"),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.NONE)
        .inode();
  }

  private static int lock(RawCalls calls, int xid, Inode file) throws IOException {
    Call lock = new Call(Nlm.PROGRAM, Nlm.VERSION, Nlm.LOCK, DoorCalls.lock(file)::encode);
    return calls.exchange(xid, lock).results().getInt(STATUS);
  }

  @Test
  void aLockOnItIsNotGrantedAgainFromMemory() throws Exception {
    try (FacsimArray array =
            FacsimArray.builder()
                .nfsPort(0)
                .volume("going", ByteSize.GIB)
                .volume("staying", ByteSize.GIB)
                .start();
        RawCalls calls = RawCalls.tcp(array.nfsAddress())) {
      Inode file = make(array, "going");
      Inode other = make(array, "staying");
      assertThat(lock(calls, 1, file)).isEqualTo(NlmStatus.GRANTED.code());
      assertThat(lock(calls, 2, other)).isEqualTo(NlmStatus.GRANTED.code());

      array.storage().deleteVolume(file.volume());

      assertThat(lock(calls, 1, file)).isEqualTo(NlmStatus.STALE_FH.code());
      assertThat(lock(calls, 2, other)).isEqualTo(NlmStatus.GRANTED.code());
    }
  }
}
