/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.EnumSet;
import java.util.Set;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.CloneState;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.rpc.EmbeddedServer;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.Reserve;
import org.facsim.services.offload.ArrayProfile.Statistics;
import org.facsim.vaai.opensds.OpenSdsFlags;
import org.junit.jupiter.api.Test;

/** Procedure 22 of NFSv3 from the record to the reply: what works. */
final class OpenSdsDialectTest extends OpenSdsWire {
  @Test
  void aFullCloneThatSharesIsCompleteAtOnceAndCanBePolled() {
    Inode copy = emptyFile("copy");

    assertThat(cloneInto(copy)).isEqualTo(complete(OpenSdsCommand.CLONE));

    assertThat(ask(copy, OpenSdsCommand.PROGRESS)).isEqualTo(complete(OpenSdsCommand.PROGRESS));
    assertThat(ask(copy, OpenSdsCommand.PROGRESS)).isEqualTo(complete(OpenSdsCommand.PROGRESS));
    assertThat(lab.seedAt(copy, 2)).isEqualTo(7);
  }

  @Test
  void aFullCloneThatCopiesIsPolledToItsEnd() {
    profile(copying());
    Inode copy = emptyFile("copy");

    OpenSdsReply begun = cloneInto(copy);
    assertThat(begun.status()).isEqualTo(Nfs3Status.OK);
    assertThat(begun.cloneState()).isNotEqualTo(CloneState.COMPLETE);

    long before = begun.cloneOffsetBytes();
    OpenSdsReply polled = ask(copy, OpenSdsCommand.PROGRESS);
    for (int polls = 0; polled.cloneState() != CloneState.COMPLETE; polls++) {
      assertThat(polls).as("polls").isLessThan(20);
      assertThat(polled.cloneOffsetBytes()).isGreaterThanOrEqualTo(before);
      before = polled.cloneOffsetBytes();
      lab.passSeconds(1);
      polled = ask(copy, OpenSdsCommand.PROGRESS);
    }
    assertThat(polled).isEqualTo(complete(OpenSdsCommand.PROGRESS));
    assertThat(lab.seedAt(copy, 2)).isEqualTo(7);
  }

  @Test
  void anAbortedCloneLeavesTheDestinationAsItWas() {
    profile(copying());
    Inode copy = lab.makeFile("copy", 5, 1);
    cloneInto(copy);
    lab.passSeconds(1);

    assertThat(ask(copy, OpenSdsCommand.ABORT))
        .isEqualTo(OpenSdsReply.ok(OpenSdsCommand.ABORT.code()));

    lab.passSeconds(10);
    assertThat(ask(copy, OpenSdsCommand.PROGRESS))
        .isEqualTo(failure(Nfs3Status.IO, OpenSdsCommand.PROGRESS));
    assertThat(copy.attributes().sizeBytes()).isEqualTo(VaaiLab.BLOCK);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(5);
  }

  @Test
  void anAbortThatComesTooLateIsAnsweredOkAndTheCloneStays() {
    Inode copy = emptyFile("copy");
    cloneInto(copy);

    assertThat(ask(copy, OpenSdsCommand.ABORT).status()).isEqualTo(Nfs3Status.OK);

    assertThat(lab.seedAt(copy, 0)).isEqualTo(7);
  }

  @Test
  void aFileWithoutACloneHasNoProgressAndNothingToAbort() {
    assertThat(ask(source, OpenSdsCommand.PROGRESS))
        .isEqualTo(failure(Nfs3Status.NOENT, OpenSdsCommand.PROGRESS));
    assertThat(ask(source, OpenSdsCommand.ABORT))
        .isEqualTo(failure(Nfs3Status.NOENT, OpenSdsCommand.ABORT));
  }

  @Test
  void aLazyCloneIsMadeInTheDirectoryThatIsGiven() {
    Inode folder = lab.makeDirectory("vm", 0755);

    assertThat(ask(0, cloneCall(source, folder, LAZY, "vm/clone.vmdk")).status())
        .isEqualTo(Nfs3Status.OK);

    Inode made = lab.volume().names().lookup(Caller.ROOT, folder, Name.of("clone.vmdk"));
    assertThat(lab.seedAt(made, 2)).isEqualTo(7);
  }

  /** With the flags of the example in the help, as the real plugin sends it: after its CREATE. */
  @Test
  void aFullCloneThatAHostCallsGuardedGoesIntoTheFileThatThePluginMade() {
    server.close();
    server = serverWith(OpenSdsFlags.parse("lazy=0x1,guarded=0x2"));
    Inode copy = emptyFile("copy");
    assertThat(ask(0, cloneCall(source, copy, 2, "copy")).status()).isEqualTo(Nfs3Status.OK);
    assertThat(lab.seedAt(copy, 2)).isEqualTo(7);
  }

  @Test
  void aLazyCloneIntoAFileThatIsThereTakesItsHandle() {
    Inode copy = emptyFile("copy");
    assertThat(ask(0, cloneCall(source, copy, LAZY, "copy")).status()).isEqualTo(Nfs3Status.OK);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(7);
  }

  @Test
  void whichBitMeansLazyIsConfiguration() {
    server.close();
    server = serverWith(new OpenSdsFlags(0x100, 0x10, 0x20));
    Inode root = lab.volume().root();
    assertThat(ask(0, cloneCall(source, root, LAZY, "a")).status()).isEqualTo(Nfs3Status.ISDIR);
    assertThat(ask(0, cloneCall(source, root, 0x120, "a")).status()).isEqualTo(Nfs3Status.OK);
    assertThat(lab.exists("a")).as("a dry run").isFalse();
    assertThat(ask(0, cloneCall(source, root, 0x100, "a")).status()).isEqualTo(Nfs3Status.OK);
    assertThat(ask(0, cloneCall(source, root, 0x110, "a")).status()).isEqualTo(Nfs3Status.EXIST);
  }

  @Test
  void theSourceMayLieOnAnotherVolume() {
    Inode elsewhere = lab.makeFile(lab.otherVolume(), "elsewhere", 0644);
    lab.write(elsewhere, 0, 9);
    Inode copy = emptyFile("copy");

    assertThat(ask(0, cloneCall(elsewhere, copy, 0, "copy")).status()).isEqualTo(Nfs3Status.OK);

    for (int i = 0; i < 20; i++) {
      lab.passSeconds(1);
    }
    assertThat(ask(copy, OpenSdsCommand.PROGRESS).cloneState()).isEqualTo(CloneState.COMPLETE);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(9);
  }

  @Test
  void supportIsAnsweredByTheVolumesProfile() {
    Inode root = lab.volume().root();
    for (OpenSdsCommand query : supportQueries()) {
      assertThat(ask(root, query)).isEqualTo(OpenSdsReply.support(query.code(), true));
    }
    profile(
        sharing()
            .fullClone(FullClone.UNSUPPORTED)
            .fastClone(false)
            .reserveSpace(Reserve.UNSUPPORTED)
            .extendedStatistics(Statistics.UNSUPPORTED));
    for (OpenSdsCommand query : supportQueries()) {
      assertThat(ask(root, query)).isEqualTo(OpenSdsReply.support(query.code(), false));
    }
    assertThat(cloneInto(emptyFile("copy")))
        .isEqualTo(failure(Nfs3Status.NOTSUPP, OpenSdsCommand.CLONE));
    assertThat(ask(source, OpenSdsCommand.RESERVE))
        .isEqualTo(failure(Nfs3Status.NOTSUPP, OpenSdsCommand.RESERVE));
    assertThat(ask(source, OpenSdsCommand.STATISTICS))
        .isEqualTo(failure(Nfs3Status.NOTSUPP, OpenSdsCommand.STATISTICS));
  }

  private static Set<OpenSdsCommand> supportQueries() {
    return EnumSet.range(OpenSdsCommand.CLONE_SUPPORT, OpenSdsCommand.STATISTICS_SUPPORT);
  }

  @Test
  void statisticsAndReservationsAreThoseOfTheArray() {
    Inode copy = emptyFile("copy");
    cloneInto(copy);
    long bytes = 3L * VaaiLab.BLOCK;
    assertThat(ask(copy, OpenSdsCommand.STATISTICS))
        .isEqualTo(OpenSdsReply.statistics(OpenSdsCommand.STATISTICS.code(), bytes, bytes, 0));

    Inode thin = emptyFile("thin");
    lab.setSize(thin, 10L * VaaiLab.BLOCK);
    assertThat(ask(thin, OpenSdsCommand.RESERVE))
        .isEqualTo(OpenSdsReply.ok(OpenSdsCommand.RESERVE.code()));
    assertThat(lab.volume().space().of(thin).reservedBytes()).isEqualTo(10L * VaaiLab.BLOCK);
    lab.setSize(thin, 2 * VaaiLab.VOLUME_BYTES);
    assertThat(ask(thin, OpenSdsCommand.RESERVE))
        .isEqualTo(
            OpenSdsReply.failed(
                Nfs3Status.NOSPC, OpenSdsCommand.RESERVE.code(), OpenSdsResult.DISK_FULL));
  }

  @Test
  void aRetransmittedCloneRunsOnce() {
    Inode root = lab.volume().root();
    ByteBuf record = record(77, 0, cloneCall(source, root, LAZY, "once"));

    ByteBuf first = server.exchange(record);
    lab.write(lab.lookup("once"), 0, 99);
    ByteBuf second = server.exchange(record);

    assertThat(second).isEqualTo(first);
    assertThat(lab.seedAt(lab.lookup("once"), 0)).as("not cloned over").isEqualTo(99);
  }

  @Test
  void otherProceduresGoToNfs() {
    ByteBuf answer =
        server.exchange(
            EmbeddedServer.call(++xid, Nfs3.PROGRAM, Nfs3.VERSION, 21, 0, out -> out.writeInt(5)));
    assertThat(EmbeddedServer.acceptStatus(answer)).isZero();
    assertThat(answer).isEqualTo(Unpooled.buffer().writeInt(NoNfs.ANSWER));
  }
}
