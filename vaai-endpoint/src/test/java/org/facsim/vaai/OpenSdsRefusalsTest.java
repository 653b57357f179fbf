/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.rpc.EmbeddedServer;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.Dialect;
import org.junit.jupiter.api.Test;

/** Procedure 22 of NFSv3 from the record to the reply: what is refused, and by what numbers. */
final class OpenSdsRefusalsTest extends OpenSdsWire {
  private static final int PROC_UNAVAIL = 3;
  private static final int GARBAGE_ARGS = 4;

  @Test
  void aLazyCloneWithoutANameIsRefused() {
    for (String name : List.of("", "vm/")) {
      assertThat(ask(0, cloneCall(source, lab.volume().root(), LAZY, name)))
          .isEqualTo(failure(Nfs3Status.INVAL, OpenSdsCommand.CLONE));
    }
    assertThat(ask(0, cloneCall(source, lab.volume().root(), LAZY, "..")).status())
        .isEqualTo(Nfs3Status.INVAL);
  }

  @Test
  void whereTheDialectIsSwitchedOffThereIsNoProcedure22() {
    profile(sharing().dialects(EnumSet.of(Dialect.VAAI_NAS)));
    OpenSdsCall query =
        new OpenSdsCall(
            handleOf(lab.volume().root()),
            Optional.empty(),
            OpenSdsRequest.of(OpenSdsCommand.CLONE_SUPPORT).toBlock());

    ByteBuf answer = server.exchange(record(++xid, 0, query));
    assertThat(EmbeddedServer.acceptStatus(answer)).isEqualTo(PROC_UNAVAIL);

    assertThat(ask(lab.otherVolume().root(), OpenSdsCommand.CLONE_SUPPORT).status())
        .as("the other volume")
        .isEqualTo(Nfs3Status.OK);
  }

  @Test
  void theExportsRulesMayRefuseIt() {
    lab.exports().refuseVaai("/one");
    assertThat(ask(lab.volume().root(), OpenSdsCommand.CLONE_SUPPORT))
        .isEqualTo(OpenSdsReply.support(OpenSdsCommand.CLONE_SUPPORT.code(), false));
    assertThat(cloneInto(emptyFile("copy")))
        .isEqualTo(failure(Nfs3Status.ACCES, OpenSdsCommand.CLONE));
    assertThat(ask(source, OpenSdsCommand.PROGRESS).status()).isEqualTo(Nfs3Status.ACCES);

    lab.exports().hide("/two");
    assertThat(ask(lab.otherVolume().root(), OpenSdsCommand.STATISTICS).status())
        .as("not for this client")
        .isEqualTo(Nfs3Status.ACCES);
    lab.exports().withdraw("/two");
    assertThat(ask(lab.otherVolume().root(), OpenSdsCommand.STATISTICS).status())
        .as("for nobody")
        .isEqualTo(Nfs3Status.ACCES);
  }

  @Test
  void aReadOnlyExportTakesNoClone() {
    Inode copy = emptyFile("copy");
    lab.exports().makeReadOnly("/one");
    assertThat(cloneInto(copy)).isEqualTo(failure(Nfs3Status.ROFS, OpenSdsCommand.CLONE));
  }

  @Test
  void permissionsAreThoseOfTheCaller() {
    profile(copying());
    Inode copy = emptyFile("copy");
    OpenSdsCall clone = cloneCall(source, copy, 0, "copy");
    assertThat(ask(1000, clone)).isEqualTo(failure(Nfs3Status.ACCES, OpenSdsCommand.CLONE));
    ask(0, clone);
    OpenSdsCall abort =
        new OpenSdsCall(
            handleOf(copy), Optional.empty(), OpenSdsRequest.of(OpenSdsCommand.ABORT).toBlock());
    assertThat(ask(1000, abort)).isEqualTo(failure(Nfs3Status.PERM, OpenSdsCommand.ABORT));
    assertThat(ask(0, abort).status()).isEqualTo(Nfs3Status.OK);
  }

  @Test
  void limitsOfTheProfileHaveResultsOfTheirOwn() {
    profile(copying().maxConcurrentClones(1).whenBusy(ArrayProfile.WhenBusy.BUSY));
    cloneInto(emptyFile("first"));
    assertThat(cloneInto(emptyFile("second")).result()).isEqualTo(OpenSdsResult.BUSY);
    profile(copying().maxConcurrentClones(1).whenBusy(ArrayProfile.WhenBusy.TOO_MANY_CLONES));
    assertThat(cloneInto(emptyFile("third")).result()).isEqualTo(OpenSdsResult.TOO_MANY_SNAPSHOTS);
    profile(sharing().cloningSnapshots(true).maxCloneDepth(1));
    Inode root = lab.volume().root();
    assertThat(ask(0, cloneCall(source, root, LAZY, "level1")).status()).isEqualTo(Nfs3Status.OK);
    assertThat(ask(0, cloneCall(lab.lookup("level1"), root, LAZY, "level2")).result())
        .isEqualTo(OpenSdsResult.TOO_DEEP);
  }

  @Test
  void handlesThatAreNoneAreRefused() {
    OpenSdsCall forged =
        new OpenSdsCall(
            Nfs3Handle.of(new byte[32]),
            Optional.of(handleOf(source)),
            OpenSdsRequest.clone(0, "x").toBlock());
    assertThat(ask(0, forged)).isEqualTo(failure(Nfs3Status.BADHANDLE, OpenSdsCommand.CLONE));
    OpenSdsCall noSource =
        new OpenSdsCall(
            handleOf(emptyFile("copy")), Optional.empty(), OpenSdsRequest.clone(0, "x").toBlock());
    assertThat(ask(0, noSource)).isEqualTo(failure(Nfs3Status.INVAL, OpenSdsCommand.CLONE));
  }

  @Test
  void structuresOfOtherSizesVersionsAndCommandsChangeNothing() {
    Inode copy = emptyFile("copy");
    FileAttributes before = copy.attributes();
    byte[] good = OpenSdsRequest.clone(0, "copy").toBlock().toBytes();
    for (int lengthBytes = 0; lengthBytes <= OpenSds.MAX_BLOCK_BYTES; lengthBytes += 8) {
      if (lengthBytes != OpenSds.REQUEST_BYTES) {
        Opaque block = Opaque.of(Arrays.copyOf(good, lengthBytes));
        OpenSdsCall call = new OpenSdsCall(handleOf(copy), Optional.of(handleOf(source)), block);
        assertThat(ask(0, call))
            .isEqualTo(OpenSdsReply.failed(Nfs3Status.INVAL, 0, OpenSdsResult.OK));
      }
    }
    for (long version : new long[] {0, 2, -1, 1L << 56}) {
      assertRefused(copy, new OpenSdsRequest(version, 1, 0, Optional.empty()));
    }
    for (int command : new int[] {0, 9, -1, 1 << 24}) {
      assertRefused(copy, new OpenSdsRequest(OpenSds.VERSION, command, 0, Optional.empty()));
    }
    assertThat(copy.attributes()).isEqualTo(before);
  }

  private void assertRefused(Inode copy, OpenSdsRequest request) {
    assertThat(
            ask(
                0,
                new OpenSdsCall(handleOf(copy), Optional.of(handleOf(source)), request.toBlock())))
        .isEqualTo(
            OpenSdsReply.failed(Nfs3Status.NOTSUPP, request.commandCode(), OpenSdsResult.OK));
  }

  @Test
  void argumentsThatAreNoXdrAreGarbage() {
    for (String hex : List.of("", "00000000", "0000000000000002", "00000000000000010000000000")) {
      ByteBuf answer =
          server.exchange(
              EmbeddedServer.call(
                  ++xid,
                  Nfs3.PROGRAM,
                  Nfs3.VERSION,
                  OpenSds.PROCEDURE,
                  0,
                  out -> out.writeBytes(ByteBufUtil.decodeHexDump(hex))));
      assertThat(EmbeddedServer.acceptStatus(answer)).as(hex).isEqualTo(GARBAGE_ARGS);
    }
  }
}
