/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.OffloadCounter;
import org.facsim.services.offload.OffloadStatistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clones that succeed: what they answer, share, keep apart and count. */
final class CloneOverTheWireTest {
  private static final int BLOCK = VaaiLab.BLOCK;
  private static final VaaiFile SOURCE = VaaiFile.byPath("source");
  private static final VaaiFile COPY = VaaiFile.byPath("copy");

  private VaaiLab lab;
  private SessionId session;

  @BeforeEach
  void start() {
    lab = new VaaiLab();
    session = lab.session("/one");
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private static CloneJob succeeded(
      long jobId, long sizeBytes, long sharedBytes, Inode destination) {
    return new CloneJob(
        jobId,
        JobState.SUCCEEDED,
        VaaiStatus.OK,
        "blocks shared",
        sizeBytes,
        sizeBytes,
        sharedBytes,
        0,
        Opaque.of(destination.handle().toBytes()));
  }

  @Test
  void aFullCloneAnswersAFinishedJobAndTakesNoSpace() {
    lab.makeFile("source", 1, 8);
    Inode copy = lab.makeFile(lab.volume(), "copy", 0600);
    lab.setSize(copy, 123);
    long before = lab.array().physicalUsedBytes();
    assertThat(lab.replyBytes(lab.clone(session, SOURCE, COPY, 0)))
        .isEqualTo(VaaiWire.bytes(VaaiReply.ok(succeeded(1, 8 * BLOCK, 8 * BLOCK, copy))));
    assertThat(lab.array().physicalUsedBytes()).isEqualTo(before);
    assertThat(copy.attributes().sizeBytes()).isEqualTo(8 * BLOCK);
    for (int block = 0; block < 8; block++) {
      assertThat(lab.seedAt(copy, block)).isEqualTo(1);
    }
  }

  @Test
  void afterACloneEachSideIsWrittenWithoutTheOther() {
    Inode source = lab.makeFile("source", 1, 4);
    Inode copy = lab.makeFile("copy", 9, 6);
    assertThat(lab.status(lab.clone(session, SOURCE, COPY, 0))).isEqualTo(VaaiStatus.OK);
    assertThat(lab.volume().space().of(copy).sharedBytes()).isEqualTo(4 * BLOCK);

    lab.write(source, 1, 2);
    assertThat(lab.seedAt(copy, 1)).isEqualTo(1);
    lab.write(copy, 2, 3);
    assertThat(lab.seedAt(source, 2)).isEqualTo(1);
    lab.setSize(source, BLOCK);
    for (int block = 0; block < 4; block++) {
      assertThat(lab.seedAt(copy, block)).isEqualTo(block == 2 ? 3 : 1);
    }
    assertThat(lab.seedAt(source, 0)).isEqualTo(1);
    assertThat(lab.volume().space().of(copy).exclusiveBytes()).isEqualTo(3 * BLOCK);
    assertThat(lab.volume().space().of(copy).sharedBytes()).isEqualTo(BLOCK);
  }

  @Test
  void holesStayHolesAndTheSizeNeedNotBeWholeBlocks() {
    Inode source = lab.makeFile("source", 1, 1);
    lab.write(source, 1000, 5);
    lab.setSize(source, 1002L * BLOCK + 17);
    Inode copy = lab.makeFile(lab.volume(), "copy", 0644);
    CloneJob job =
        VaaiWire.await(lab.client().cloneFile(lab.clone(session, SOURCE, COPY, 0))).value();
    assertThat(job).isEqualTo(succeeded(1, 1002L * BLOCK + 17, 2 * BLOCK, copy));
    assertThat(lab.seedAt(copy, 500)).isEqualTo(-1);
    assertThat(lab.seedAt(copy, 1000)).isEqualTo(5);
    assertThat(copy.attributes().sizeBytes()).isEqualTo(1002L * BLOCK + 17);
  }

  @Test
  void filesMayBeNamedInEveryWay() {
    Inode directory = lab.makeDirectory("vm", 0755);
    Inode source = lab.makeFile("source", 1, 2);
    List<VaaiFile> sources =
        List.of(
            SOURCE,
            VaaiFile.byPath("/source"),
            VaaiFile.byPath(".//./source"),
            VaaiLab.handleOf(source),
            VaaiFile.byEntry(lab.volume().root().handle().toBytes(), "source"));
    for (int i = 0; i < sources.size(); i++) {
      VaaiFile destination =
          i % 2 == 0
              ? VaaiFile.byPath("vm/clone" + i)
              : VaaiFile.byEntry(directory.handle().toBytes(), "clone" + i);
      CloneCall call = lab.clone(session, sources.get(i), destination, CloneFlags.LAZY);
      assertThat(lab.status(call)).as("%s", call).isEqualTo(VaaiStatus.OK);
    }
    assertThat(lab.volume().names().readDirectory(Caller.ROOT, directory, 0, 100).entries())
        .hasSize(sources.size());
  }

  @Test
  void aLazyCloneMakesItsDestinationWithTheModeOfTheSourceForItsCaller() {
    Inode source = lab.makeFile("source", 1, 3);
    long before = lab.array().physicalUsedBytes();
    CloneCall call = lab.clone(session, SOURCE, COPY, CloneFlags.LAZY | CloneFlags.GUARDED);
    String reply = lab.replyBytes(call);
    Inode copy = lab.lookup("copy");
    assertThat(reply)
        .isEqualTo(VaaiWire.bytes(VaaiReply.ok(succeeded(1, 3 * BLOCK, 3 * BLOCK, copy))));
    assertThat(copy.attributes().mode()).isEqualTo(source.attributes().mode());
    assertThat(copy.attributes().uid()).isZero();
    assertThat(copy.fileId()).isNotEqualTo(source.fileId());
    assertThat(lab.array().physicalUsedBytes()).isEqualTo(before);
    lab.write(source, 0, 7);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(1);
  }

  @Test
  void aLazyCloneThatIsNotGuardedReplacesTheContentsOfAFileThatExists() {
    lab.makeFile("source", 1, 3);
    Inode copy = lab.makeFile("copy", 2, 5);
    assertThat(lab.status(lab.clone(session, SOURCE, COPY, CloneFlags.LAZY)))
        .isEqualTo(VaaiStatus.OK);
    assertThat(lab.lookup("copy").fileId()).isEqualTo(copy.fileId());
    assertThat(copy.attributes().sizeBytes()).isEqualTo(3 * BLOCK);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(1);
  }

  @Test
  void aCloneOutlivesItsSource() {
    lab.makeFile("source", 1, 3);
    Inode copy = lab.makeFile(lab.volume(), "copy", 0644);
    assertThat(lab.status(lab.clone(session, SOURCE, COPY, 0))).isEqualTo(VaaiStatus.OK);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("source"));
    lab.array().awaitReclaim();
    for (int block = 0; block < 3; block++) {
      assertThat(lab.seedAt(copy, block)).isEqualTo(1);
    }
    assertThat(lab.volume().space().of(copy).exclusiveBytes()).isEqualTo(3 * BLOCK);
  }

  @Test
  void aDryRunFindsNoFaultAndChangesNothing() {
    Inode source = lab.makeFile("source", 1, 3);
    Inode copy = lab.makeFile("copy", 2, 5);
    long change = copy.attributes().changeCounter();
    long parentChange = lab.volume().root().attributes().changeCounter();
    CloneJob none =
        new CloneJob(
            0,
            JobState.NONE,
            VaaiStatus.OK,
            "dry run: no fault found",
            3 * BLOCK,
            0,
            0,
            0,
            Opaque.EMPTY);
    String expected = VaaiWire.bytes(VaaiReply.ok(none));
    assertThat(lab.replyBytes(lab.clone(session, SOURCE, COPY, CloneFlags.DRY_RUN)))
        .isEqualTo(expected);
    assertThat(
            lab.replyBytes(
                lab.clone(
                    session,
                    VaaiLab.handleOf(source),
                    VaaiFile.byPath("new"),
                    CloneFlags.LAZY | CloneFlags.GUARDED | CloneFlags.DRY_RUN)))
        .isEqualTo(expected);
    assertThat(lab.exists("new")).isFalse();
    assertThat(copy.attributes().changeCounter()).isEqualTo(change);
    assertThat(lab.volume().root().attributes().changeCounter()).isEqualTo(parentChange);
    assertThat(lab.changes()).isEmpty();
    assertThat(lab.engine().statistics().total("one", OffloadCounter.FULL_CLONE_SUCCESS)).isZero();
  }

  @Test
  void aRetransmittedCloneIsExecutedOnce() {
    Inode source = lab.makeFile("source", 1, 3);
    Inode copy = lab.makeFile(lab.volume(), "copy", 0644);
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    String first = lab.replyBytes(call);
    lab.write(copy, 0, 2);
    lab.write(source, 1, 3);
    long change = copy.attributes().changeCounter();
    assertThat(lab.replyBytes(call)).isEqualTo(first);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
    assertThat(lab.seedAt(copy, 1)).isEqualTo(1);
    assertThat(copy.attributes().changeCounter()).isEqualTo(change);
    assertThat(lab.engine().statistics().total("one", OffloadCounter.FULL_CLONE_SUCCESS))
        .isEqualTo(1);
    assertThat(lab.changes()).hasSize(2);
  }

  @Test
  void aRetransmittedGuardedLazyCloneIsNotToldThatItsOwnWorkExists() {
    lab.makeFile("source", 1, 3);
    CloneCall call = lab.clone(session, SOURCE, COPY, CloneFlags.LAZY | CloneFlags.GUARDED);
    String first = lab.replyBytes(call);
    assertThat(lab.replyBytes(call)).isEqualTo(first);
    assertThat(lab.status(lab.clone(session, SOURCE, COPY, call.flags())))
        .isEqualTo(VaaiStatus.EXIST);
  }

  @Test
  void statusAndAbortOfAFinishedJobAnswerTheJob() {
    lab.makeFile("source", 1, 3);
    lab.makeFile(lab.volume(), "copy", 0644);
    String reply = lab.replyBytes(lab.clone(session, SOURCE, COPY, 0));
    JobCall job = new JobCall(session, 1);
    assertThat(lab.wire().reply(VaaiNas.PROC_CLONE_STATUS, job)).isEqualTo(reply);
    assertThat(lab.wire().reply(VaaiNas.PROC_CLONE_ABORT, job)).isEqualTo(reply);
    assertThat(lab.seedAt(lab.lookup("copy"), 0)).isEqualTo(1);
    JobCall unknown = new JobCall(session, -1);
    String noJob = VaaiLab.failure(VaaiStatus.JOB, "no job 18446744073709551615");
    assertThat(lab.wire().reply(VaaiNas.PROC_CLONE_STATUS, unknown)).isEqualTo(noJob);
    assertThat(lab.wire().reply(VaaiNas.PROC_CLONE_ABORT, unknown)).isEqualTo(noJob);
    JobCall ofAnother = new JobCall(lab.session("/one"), 1);
    assertThat(lab.wire().reply(VaaiNas.PROC_CLONE_STATUS, ofAnother))
        .isEqualTo(VaaiLab.failure(VaaiStatus.JOB, "no job 1"));
  }

  @Test
  void everyCloneIsCountedAndToldAsItHappened() {
    lab.makeFile("source", 1, 3);
    lab.setSize(lab.lookup("source"), 10L * BLOCK);
    lab.makeFile(lab.volume(), "copy", 0644);
    lab.status(lab.clone(session, SOURCE, COPY, 0));
    lab.status(lab.clone(session, SOURCE, VaaiFile.byPath("lazy"), CloneFlags.LAZY));
    lab.status(lab.clone(session, SOURCE, VaaiFile.byPath("missing"), 0));
    lab.status(lab.clone(session, SOURCE, COPY, CloneFlags.LAZY | CloneFlags.GUARDED));
    OffloadStatistics.Reading reading = lab.engine().statistics().read().get(0);
    assertThat(reading.volume()).isEqualTo("one");
    assertThat(reading.client()).isEqualTo("127.0.0.1");
    assertThat(reading.value(OffloadCounter.FULL_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(reading.value(OffloadCounter.FULL_CLONE_FAILURE)).isEqualTo(1);
    assertThat(reading.value(OffloadCounter.FAST_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(reading.value(OffloadCounter.FAST_CLONE_FAILURE)).isEqualTo(1);
    assertThat(reading.value(OffloadCounter.BYTES_CLONED)).isEqualTo(20L * BLOCK);
    assertThat(reading.value(OffloadCounter.BYTES_SAVED)).isEqualTo(6L * BLOCK);
    assertThat(lab.changes())
        .extracting(CloneJobListener.Change::jobId, change -> change.to().name())
        .containsExactly(
            tuple(1L, "RUNNING"),
            tuple(1L, "SUCCEEDED"),
            tuple(2L, "RUNNING"),
            tuple(2L, "SUCCEEDED"));
  }
}
