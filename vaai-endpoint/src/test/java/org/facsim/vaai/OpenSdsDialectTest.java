/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.CloneState;
import org.facsim.protocol.opensds.OpenSds;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.rpc.DuplicateRequestCache;
import org.facsim.protocol.rpc.EmbeddedServer;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.vaai.offload.ArrayProfile;
import org.facsim.vaai.offload.ArrayProfile.FullClone;
import org.facsim.vaai.offload.ArrayProfile.Reserve;
import org.facsim.vaai.offload.ArrayProfile.Statistics;
import org.facsim.vaai.offload.Dialect;
import org.facsim.vaai.offload.NamedProfiles;
import org.facsim.vaai.offload.ProfileDraft;
import org.facsim.vaai.opensds.OpenSdsCommands;
import org.facsim.vaai.opensds.OpenSdsFlags;
import org.facsim.vaai.opensds.OpenSdsProgram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Procedure 22 of NFSv3 from the record to the reply. */
class OpenSdsDialectTest {
  private static final int PROC_UNAVAIL = 3;
  private static final int GARBAGE_ARGS = 4;
  private static final int LAZY = 1;

  private VaaiLab lab;
  private EmbeddedServer server;
  private Inode source;
  private int xid;

  @BeforeEach
  void start() {
    lab = new VaaiLab();
    server = serverWith(OpenSdsFlags.DEFAULT);
    source = lab.makeFile("source", 7, 3);
  }

  @AfterEach
  void stop() {
    server.close();
    lab.close();
  }

  private EmbeddedServer serverWith(OpenSdsFlags flags) {
    OpenSdsCommands commands = new OpenSdsCommands(lab.array(), lab.exports(), lab.engine(), flags);
    return new EmbeddedServer(
        List.of(
            new DuplicateRequestCache(
                new OpenSdsProgram(new NoNfs(), commands),
                Set.of(OpenSds.PROCEDURE),
                DuplicateRequestCache.DEFAULT_BYTES)));
  }

  private void profile(ProfileDraft draft) {
    lab.profiles().set("one", draft.named("test", "of this test").freeze());
  }

  private static ProfileDraft sharing() {
    return NamedProfiles.SHARING.draft();
  }

  /** One block a second. */
  private static ProfileDraft copying() {
    return sharing().fullClone(FullClone.COPY).copyBytesPerSecond(VaaiLab.BLOCK);
  }

  private static Nfs3Handle handleOf(Inode inode) {
    return Nfs3Handle.of(inode.handle().toBytes());
  }

  private ByteBuf record(int callXid, long uid, OpenSdsCall call) {
    return EmbeddedServer.call(
        callXid, Nfs3.PROGRAM, Nfs3.VERSION, OpenSds.PROCEDURE, uid, call::encode);
  }

  private OpenSdsReply ask(long uid, OpenSdsCall call) {
    ByteBuf answer = server.exchange(record(++xid, uid, call));
    assertThat(EmbeddedServer.acceptStatus(answer)).as("accept status").isZero();
    OpenSdsReply reply = OpenSdsReply.decode(answer);
    assertThat(answer.isReadable()).isFalse();
    return reply;
  }

  private OpenSdsReply ask(Inode about, OpenSdsCommand command) {
    return ask(
        0,
        new OpenSdsCall(handleOf(about), Optional.empty(), OpenSdsRequest.of(command).toBlock()));
  }

  private static OpenSdsCall cloneCall(Inode from, Inode to, int flags, String name) {
    return new OpenSdsCall(
        handleOf(to), Optional.of(handleOf(from)), OpenSdsRequest.clone(flags, name).toBlock());
  }

  private OpenSdsReply cloneInto(Inode destination) {
    return ask(0, cloneCall(source, destination, 0, "copy"));
  }

  private Inode emptyFile(String name) {
    return lab.makeFile(lab.volume(), name, 0644);
  }

  private static OpenSdsReply failure(Nfs3Status status, OpenSdsCommand command) {
    return OpenSdsReply.failed(status, command.code(), OpenSdsResult.OK);
  }

  private static OpenSdsReply complete(OpenSdsCommand command) {
    return OpenSdsReply.progress(command.code(), CloneState.COMPLETE, 3L * VaaiLab.BLOCK);
  }

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

    Inode made = lab.volume().lookup(Caller.ROOT, folder, Name.of("clone.vmdk"));
    assertThat(lab.seedAt(made, 2)).isEqualTo(7);
  }

  @Test
  void aLazyCloneIntoAFileThatIsThereTakesItsHandle() {
    Inode copy = emptyFile("copy");
    assertThat(ask(0, cloneCall(source, copy, LAZY, "copy")).status()).isEqualTo(Nfs3Status.OK);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(7);
  }

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
    assertThat(lab.volume().space(thin).reservedBytes()).isEqualTo(10L * VaaiLab.BLOCK);
    lab.setSize(thin, 2 * VaaiLab.VOLUME_BYTES);
    assertThat(ask(thin, OpenSdsCommand.RESERVE))
        .isEqualTo(
            OpenSdsReply.failed(
                Nfs3Status.NOSPC, OpenSdsCommand.RESERVE.code(), OpenSdsResult.DISK_FULL));
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

    lab.exports().withdraw("/two");
    assertThat(ask(lab.otherVolume().root(), OpenSdsCommand.STATISTICS).status())
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
    assertThat(ask(1000, abort)).isEqualTo(failure(Nfs3Status.ACCES, OpenSdsCommand.ABORT));
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
