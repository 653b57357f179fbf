/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadCounter;
import org.junit.jupiter.api.Test;

/**
 * Clones on arrays of all kinds as the wire shows them: one test per numbered scenario. What a host
 * then does is told by the scenarios with simulated hosts.
 */
final class CloneScenariosTest extends EndpointScenarios {
  @Test
  void scenario15_acrossVolumesTheCloneIsACopyAtARateWithProgress() {
    lab.profiles().set("two", NamedProfiles.SHARING.draft().copyBytesPerSecond(BLOCK).freeze());
    SessionId here = lab.session("/two");
    Inode target = lab.makeFile(lab.otherVolume(), "target", 0644);
    CloneCall call =
        new CloneCall(
            here,
            1,
            CloneFlags.OTHER_VOLUME,
            Optional.of(session),
            SOURCE,
            VaaiFile.byPath("target"));
    CloneJob job = VaaiWire.await(lab.client().cloneFile(call)).value();
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    lab.passSeconds(5);
    CloneJob half =
        VaaiWire.await(lab.client().cloneStatus(new JobCall(here, job.jobId()))).value();
    assertThat(half.doneBytes()).isBetween(4L * BLOCK, 6L * BLOCK);
    lab.passSeconds(10);
    CloneJob last =
        VaaiWire.await(lab.client().cloneStatus(new JobCall(here, job.jobId()))).value();
    assertThat(last.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(last.copiedBytes()).isEqualTo(10L * BLOCK);
    assertThat(lab.seedAt(target, 9)).isEqualTo(1);
    assertThat(lab.otherVolume().space().ofVolume().physicalUsedBytes()).isEqualTo(10L * BLOCK);
    assertThat(lab.volume().space().ofVolume().inodes()).isEqualTo(3); // nothing frozen is left
  }

  @Test
  void scenario17_clonesAreUnsupportedAndStatisticsWork() {
    profile("statistics-only");
    assertThat(supports(VaaiPrimitive.FULL_CLONE)).isFalse();
    assertThat(supports(VaaiPrimitive.LAZY_CLONE)).isFalse();
    assertThat(supports(VaaiPrimitive.EXTENDED_STATISTICS)).isTrue();
    assertThat(cloneNow(SOURCE, COPY, 0))
        .isEqualTo(VaaiReply.failed(VaaiStatus.NOTSUPP, "full clones are not offered"));
    assertThat(cloneNow(SOURCE, VaaiFile.byPath("x"), CloneFlags.LAZY).status())
        .isEqualTo(VaaiStatus.NOTSUPP);
    assertThat(VaaiWire.await(lab.client().statistics(new StatxCall(session, SOURCE))).isOk())
        .isTrue();
    assertCopyIsUntouched();
  }

  @Test
  void scenario18_anExportThatIsSwitchedOffSupportsNothing() {
    profile("off");
    for (VaaiPrimitive primitive : VaaiPrimitive.values()) {
      assertThat(supports(primitive)).as("%s", primitive).isFalse();
    }
    assertThat(cloneNow(SOURCE, COPY, 0))
        .isEqualTo(VaaiReply.failed(VaaiStatus.NOTSUPP, "offloading is switched off"));
    assertThat(reserve(ReserveMode.LAZY_ZEROED, 0).status()).isEqualTo(VaaiStatus.NOTSUPP);
    assertThat(VaaiWire.await(lab.client().statistics(new StatxCall(session, SOURCE))).status())
        .isEqualTo(VaaiStatus.NOTSUPP);
    assertCopyIsUntouched();
    profile("sharing"); // while running
    assertThat(cloneNow(SOURCE, COPY, 0).isOk()).isTrue();
  }

  @Test
  void scenario19_exportRulesAdmitNfsAndRefuseTheCloneProtocol() {
    lab.exports().refuseVaai("/one");
    assertThat(cloneNow(SOURCE, COPY, 0))
        .isEqualTo(
            VaaiReply.failed(VaaiStatus.ACCESS, "the export's rules refuse VAAI to 127.0.0.1"));
    assertCopyIsUntouched();
    assertThat(lab.engine().statistics().total("one", OffloadCounter.FULL_CLONE_FAILURE))
        .isEqualTo(1);
  }

  @Test
  void scenario21_aVolumeThatIsFullInMidCopyLeavesNoPartialFile() {
    slowCopies();
    CloneJob job = cloneNow(SOURCE, COPY, 0).value();
    lab.passSeconds(4);
    lab.array().resizeVolume(lab.volume(), 1 << 20);
    Inode filler = lab.makeFile(lab.volume(), "filler", 0644);
    long freeBlocks = lab.volume().space().ofVolume().freeBytes() / BLOCK;
    for (int block = 0; block < freeBlocks; block++) {
      lab.write(filler, block, 5);
    }
    lab.passSeconds(20);
    CloneJob last = status(job.jobId());
    assertThat(last.state()).isEqualTo(JobState.FAILED);
    assertThat(last.outcome()).isEqualTo(VaaiStatus.NOSPC);
    assertThat(last.doneBytes()).isBetween(1L, last.totalBytes() - 1);
    assertCopyIsUntouched();
    assertThat(lab.volume().space().ofVolume().inodes()).isEqualTo(4);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("filler"));
    lab.array().awaitReclaim();
    assertThat(lab.volume().space().ofVolume().physicalUsedBytes()).isEqualTo(13L * BLOCK);
  }

  @Test
  void scenario21_aCloneThatCannotFitIsRefusedAtOnce() {
    slowCopies();
    lab.array().resizeVolume(lab.volume(), 1 << 20);
    Inode filler = lab.makeFile(lab.volume(), "filler", 0644);
    for (int block = 0; block < 240; block++) {
      lab.write(filler, block, 5);
    }
    assertThat(cloneNow(SOURCE, COPY, CloneFlags.DRY_RUN).status()).isEqualTo(VaaiStatus.NOSPC);
    assertThat(cloneNow(SOURCE, COPY, 0))
        .isEqualTo(
            VaaiReply.failed(VaaiStatus.NOSPC, "the clone takes 40960 bytes, 12288 are free"));
    assertCopyIsUntouched();
  }

  @Test
  void scenario22_aSlowJobProgressesAndNeverGoesBack() {
    slowCopies();
    CloneJob job = cloneNow(SOURCE, COPY, 0).value();
    long before = job.doneBytes();
    for (int second = 0; second < 10; second++) {
      lab.passSeconds(1);
      long done = status(job.jobId()).doneBytes();
      assertThat(done).isGreaterThanOrEqualTo(before);
      before = done;
    }
    lab.passSeconds(1);
    assertThat(status(job.jobId()).doneBytes()).isEqualTo(job.totalBytes());
  }

  @Test
  void scenario23_aCancelAt40PercentLeavesTheDestinationAsItWas() {
    slowCopies();
    CloneJob job = cloneNow(SOURCE, COPY, 0).value();
    CloneJob now = job;
    while (now.doneBytes() * 10 < job.totalBytes() * 4) {
      lab.passSeconds(1);
      now = status(job.jobId());
    }
    CloneJob aborted =
        VaaiWire.await(lab.client().abortClone(new JobCall(session, job.jobId()))).value();
    assertThat(aborted.state()).isEqualTo(JobState.ABORTED);
    assertThat(aborted.doneBytes()).isEqualTo(4L * BLOCK);
    assertCopyIsUntouched();
    assertThat(lab.volume().space().ofVolume().physicalUsedBytes()).isEqualTo(13L * BLOCK);
  }

  @Test
  void scenario24_aJobThatStallsFor300SecondsIsAbortedByThePlugin() {
    lab.profiles()
        .set(
            "one",
            NamedProfiles.SHARING.draft().fullClone(FullClone.COPY).copyBytesPerSecond(1).freeze());
    CloneJob job = cloneNow(SOURCE, COPY, 0).value();
    lab.passSeconds(1);
    CloneJob now = status(job.jobId());
    int stalledSeconds = 0;
    while (stalledSeconds < 300) {
      lab.passSeconds(1);
      CloneJob next = status(job.jobId());
      stalledSeconds = next.doneBytes() > now.doneBytes() ? 0 : stalledSeconds + 1;
      now = next;
    }
    assertThat(now.state()).isEqualTo(JobState.RUNNING);
    assertThat(VaaiWire.await(lab.client().abortClone(new JobCall(session, job.jobId()))).value())
        .returns(JobState.ABORTED, CloneJob::state);
    assertCopyIsUntouched();
  }

  @Test
  void scenario26_aStaleSourceHandleIsAnError() {
    VaaiFile handle = VaaiLab.handleOf(source);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("source"));
    assertThat(cloneNow(handle, COPY, 0).status()).isEqualTo(VaaiStatus.STALE);
    assertCopyIsUntouched();
  }

  @Test
  void scenario27_aRetransmittedCloneIsExecutedOnce() {
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    String first = lab.replyBytes(call);
    lab.write(copy, 0, 9);
    assertThat(lab.replyBytes(call)).isEqualTo(first);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(9);
  }

  @Test
  void scenario28_lazyAndGuardedOntoAFileThatExists() {
    assertThat(cloneNow(SOURCE, COPY, CloneFlags.LAZY | CloneFlags.GUARDED))
        .isEqualTo(VaaiReply.failed(VaaiStatus.EXIST, "guarded, and the destination exists"));
    assertCopyIsUntouched();
  }

  @Test
  void scenario29_aDryRunHasNoSideEffect() {
    slowCopies();
    long counter = copy.attributes().changeCounter();
    assertThat(cloneNow(SOURCE, COPY, CloneFlags.DRY_RUN).value().state()).isEqualTo(JobState.NONE);
    lab.passSeconds(100);
    assertThat(copy.attributes().changeCounter()).isEqualTo(counter);
    assertThat(lab.changes()).isEmpty();
    assertThat(lab.scheduler().waiting()).isZero();
    assertCopyIsUntouched();
  }

  @Test
  void scenario30_withDepth1ASecondNativeSnapshotInARowIsTooDeep() {
    profile("depth-1");
    VaaiFile child = VaaiFile.byPath("child");
    assertThat(cloneNow(SOURCE, child, CloneFlags.LAZY).isOk()).isTrue();
    assertThat(cloneNow(child, VaaiFile.byPath("grandchild"), CloneFlags.LAZY))
        .isEqualTo(VaaiReply.failed(VaaiStatus.TOO_DEEP, "clone number 2 in a row, at most 1"));
    assertThat(lab.exists("grandchild")).isFalse();
    assertThat(cloneNow(SOURCE, VaaiFile.byPath("sibling"), CloneFlags.LAZY).isOk()).isTrue();
    profile("depth-2");
    assertThat(cloneNow(child, VaaiFile.byPath("grandchild"), CloneFlags.LAZY).isOk()).isTrue();
    assertThat(
            cloneNow(VaaiFile.byPath("grandchild"), VaaiFile.byPath("x"), CloneFlags.LAZY).status())
        .isEqualTo(VaaiStatus.TOO_DEEP);
  }

  @Test
  void aTakeoverSupportsNothingAndIsOver() {
    profile("takeover");
    assertThat(supports(VaaiPrimitive.FULL_CLONE)).isFalse();
    assertThat(cloneNow(SOURCE, COPY, 0))
        .isEqualTo(VaaiReply.failed(VaaiStatus.BUSY, "a controller takes over"));
    assertCopyIsUntouched();
    profile("sharing");
    assertThat(cloneNow(SOURCE, COPY, 0).isOk()).isTrue();
  }
}
