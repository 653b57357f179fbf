/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.services.offload.ArrayProfile.AcrossVolumes;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.WhenBusy;
import org.facsim.services.offload.OffloadError;
import org.facsim.vaai.opensds.OpenSdsFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each outcome of the array as the two numbers of procedure 22, brought about on the wire. A new
 * outcome of the array does not compile until it is said how this dialect meets it, or why not.
 */
final class EveryOpenSdsAnswerTest extends OpenSdsWire {
  private static final int GUARDED = 0x10;

  /** A status and a result; what no command of this dialect can bring about has none. */
  private record Answer(Nfs3Status status, OpenSdsResult result) {
    static Answer of(OpenSdsReply reply) {
      return new Answer(reply.status(), reply.result());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyOutcomeIsAnsweredByItsNumbers(OffloadError error) {
    assertThat(meet(error)).isEqualTo(expected(error));
  }

  @Test
  void successIsAnsweredByItsNumbers() {
    assertThat(answer(cloneInto(emptyFile("copy")))).isEqualTo(plain(Nfs3Status.OK));
  }

  private static Optional<Answer> plain(Nfs3Status status) {
    return Optional.of(new Answer(status, OpenSdsResult.OK));
  }

  private static Optional<Answer> expected(OffloadError error) {
    return switch (error) {
      case NOT_PERMITTED -> plain(Nfs3Status.PERM);
      case UNKNOWN_JOB -> plain(Nfs3Status.NOENT);
      case IO, ABORTED, LOST -> plain(Nfs3Status.IO);
      case TOO_DEEP -> Optional.of(new Answer(Nfs3Status.IO, OpenSdsResult.TOO_DEEP));
      case ACCESS_DENIED -> plain(Nfs3Status.ACCES);
      case EXISTS -> plain(Nfs3Status.EXIST);
      case CROSS_VOLUME -> plain(Nfs3Status.XDEV);
      case IS_DIRECTORY -> plain(Nfs3Status.ISDIR);
      case INVALID_ARGUMENT -> plain(Nfs3Status.INVAL);
      case NO_SPACE -> Optional.of(new Answer(Nfs3Status.NOSPC, OpenSdsResult.DISK_FULL));
      case READ_ONLY -> plain(Nfs3Status.ROFS);
      case STALE -> plain(Nfs3Status.STALE);
      case BAD_HANDLE -> plain(Nfs3Status.BADHANDLE);
      case NOT_SUPPORTED -> plain(Nfs3Status.NOTSUPP);
      case DEFECT -> plain(Nfs3Status.SERVERFAULT);
      case WRONG_TYPE -> plain(Nfs3Status.BADTYPE);
      case BUSY -> Optional.of(new Answer(Nfs3Status.JUKEBOX, OpenSdsResult.BUSY));
      case TOO_MANY_CLONES ->
          Optional.of(new Answer(Nfs3Status.JUKEBOX, OpenSdsResult.TOO_MANY_SNAPSHOTS));
      case NOT_FOUND,
          NOT_DIRECTORY,
          FILE_TOO_LARGE,
          NAME_TOO_LONG,
          UNKNOWN_SESSION,
          TOO_MANY_SESSIONS,
          VERSION_NOT_SERVED,
          REQUEST_REUSED ->
          Optional.empty();
    };
  }

  private Optional<Answer> meet(OffloadError error) {
    return switch (error) {
      case NOT_PERMITTED -> answer(abortOfAnothersClone());
      case UNKNOWN_JOB -> answer(ask(source, OpenSdsCommand.PROGRESS));
      case IO -> answer(cloneOnAMediumThatFails());
      case ABORTED -> answer(progressAfterAnAbort());
      case LOST -> answer(progressAfterTheArrayStopped());
      case TOO_DEEP -> answer(cloneOfAClone());
      case ACCESS_DENIED -> answer(cloneWhereRulesRefuseIt());
      case EXISTS -> answer(guardedCloneIntoAFile());
      case CROSS_VOLUME -> answer(cloneAcrossVolumes());
      case IS_DIRECTORY -> answer(cloneInto(lab.volume().root()));
      case INVALID_ARGUMENT -> answer(ask(0, cloneCall(source, source, 0, "source")));
      case NO_SPACE -> answer(reservationBeyondTheVolume());
      case READ_ONLY -> answer(cloneIntoAReadOnlyExport());
      case STALE -> answer(statisticsOfARemovedFile());
      case BAD_HANDLE -> answer(ask(0, about(Nfs3Handle.of(new byte[32]))));
      case NOT_SUPPORTED -> answer(cloneWhereItIsNotOffered());
      case DEFECT -> answer(statisticsOfABrokenArray());
      case WRONG_TYPE -> answer(ask(link(), OpenSdsCommand.STATISTICS));
      case BUSY -> answer(secondClone(WhenBusy.BUSY));
      case TOO_MANY_CLONES -> answer(secondClone(WhenBusy.TOO_MANY_CLONES));
      // Files are named by handles, and a directory that is none is taken for the file.
      case NOT_FOUND, NOT_DIRECTORY -> Optional.empty();
      // Neither sizes nor names beyond the array's bounds fit into the structure.
      case FILE_TOO_LARGE, NAME_TOO_LONG -> Optional.empty();
      // There is no session, no request id, and another version is told before.
      case UNKNOWN_SESSION, TOO_MANY_SESSIONS, VERSION_NOT_SERVED, REQUEST_REUSED ->
          Optional.empty();
    };
  }

  private static Optional<Answer> answer(OpenSdsReply reply) {
    return Optional.of(Answer.of(reply));
  }

  private static OpenSdsCall about(Nfs3Handle file) {
    return new OpenSdsCall(
        file, Optional.empty(), OpenSdsRequest.of(OpenSdsCommand.STATISTICS).toBlock());
  }

  private Inode copyUnderWay() {
    profile(copying());
    Inode copy = emptyFile("copy");
    assertThat(cloneInto(copy).status()).isEqualTo(Nfs3Status.OK);
    lab.passSeconds(1);
    return copy;
  }

  private OpenSdsReply abortOfAnothersClone() {
    Nfs3Handle copy = handleOf(copyUnderWay());
    return ask(
        1000,
        new OpenSdsCall(copy, Optional.empty(), OpenSdsRequest.of(OpenSdsCommand.ABORT).toBlock()));
  }

  /** Stable storage that takes nothing any more. */
  private static final Durability FULL_OF_ERRORS =
      new Durability() {
        @Override
        public boolean isDurable(long transactionGroup) {
          return false;
        }

        @Override
        public void whenDurable(
            long transactionGroup, Executor executor, Consumer<Throwable> done) {
          executor.execute(() -> done.accept(new IOException("a test")));
        }
      };

  private OpenSdsReply cloneOnAMediumThatFails() {
    stop();
    lab = new VaaiLab(array -> FULL_OF_ERRORS);
    server = serverWith(OpenSdsFlags.DEFAULT);
    source = lab.makeFile("source", 7, 3);
    return cloneInto(emptyFile("copy"));
  }

  private OpenSdsReply progressAfterAnAbort() {
    Inode copy = copyUnderWay();
    assertThat(ask(copy, OpenSdsCommand.ABORT).status()).isEqualTo(Nfs3Status.OK);
    return ask(copy, OpenSdsCommand.PROGRESS);
  }

  private OpenSdsReply progressAfterTheArrayStopped() {
    Inode copy = copyUnderWay();
    lab.engine().close();
    return ask(copy, OpenSdsCommand.PROGRESS);
  }

  private OpenSdsReply cloneOfAClone() {
    profile(sharing().cloningSnapshots(true).maxCloneDepth(1));
    Inode root = lab.volume().root();
    assertThat(ask(0, cloneCall(source, root, LAZY, "level1")).status()).isEqualTo(Nfs3Status.OK);
    return ask(0, cloneCall(lab.lookup("level1"), root, LAZY, "level2"));
  }

  private OpenSdsReply cloneWhereRulesRefuseIt() {
    lab.exports().refuseVaai("/one");
    return cloneInto(emptyFile("copy"));
  }

  private OpenSdsReply guardedCloneIntoAFile() {
    server.close();
    server = serverWith(new OpenSdsFlags(LAZY, GUARDED, 0));
    return ask(0, cloneCall(source, emptyFile("copy"), LAZY | GUARDED, "copy"));
  }

  private OpenSdsReply cloneAcrossVolumes() {
    profile(sharing().acrossVolumes(AcrossVolumes.UNSUPPORTED));
    Inode elsewhere = lab.makeFile(lab.otherVolume(), "elsewhere", 0644);
    return ask(0, cloneCall(elsewhere, emptyFile("copy"), 0, "copy"));
  }

  private OpenSdsReply reservationBeyondTheVolume() {
    lab.setSize(source, 2 * VaaiLab.VOLUME_BYTES);
    return ask(source, OpenSdsCommand.RESERVE);
  }

  private OpenSdsReply cloneIntoAReadOnlyExport() {
    Inode copy = emptyFile("copy");
    lab.exports().makeReadOnly("/one");
    return cloneInto(copy);
  }

  private OpenSdsReply statisticsOfARemovedFile() {
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("source"));
    return ask(source, OpenSdsCommand.STATISTICS);
  }

  private OpenSdsReply cloneWhereItIsNotOffered() {
    profile(sharing().fullClone(FullClone.UNSUPPORTED));
    return cloneInto(emptyFile("copy"));
  }

  private OpenSdsReply statisticsOfABrokenArray() {
    server.close();
    server = serverWith(new BrokenOffload(lab.engine()), OpenSdsFlags.DEFAULT);
    assertThat(cloneInto(emptyFile("copy")).status()).isEqualTo(Nfs3Status.SERVERFAULT);
    assertThat(ask(source, OpenSdsCommand.RESERVE).status()).isEqualTo(Nfs3Status.SERVERFAULT);
    return ask(source, OpenSdsCommand.STATISTICS);
  }

  private Inode link() {
    byte[] target = "source".getBytes(StandardCharsets.US_ASCII);
    return lab.volume()
        .names()
        .makeSymbolicLink(
            Caller.ROOT, lab.volume().root(), Name.of("link"), target, AttributeChanges.NONE)
        .inode();
  }

  private OpenSdsReply secondClone(WhenBusy whenBusy) {
    profile(copying().maxConcurrentClones(1).whenBusy(whenBusy));
    assertThat(cloneInto(emptyFile("first")).status()).isEqualTo(Nfs3Status.OK);
    return cloneInto(emptyFile("second"));
  }

  /** And no other: the table is all that a plugin's developer has to expect. */
  @Test
  void theDocumentNamesEveryAnswer() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "opensds-dialect.md"));
    for (OffloadError error : OffloadError.values()) {
      expected(error)
          .ifPresent(
              answer ->
                  assertThat(document)
                      .contains(
                          "\n| %s | %d | %d |"
                              .formatted(
                                  answer.status, answer.status.code(), answer.result.code())));
    }
  }
}
