/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FailingMedium;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.ArrayProfile.WhenBusy;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadCounter;
import org.facsim.services.offload.session.HostSessions;
import org.facsim.services.offload.session.SessionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each status of {@code vaai_nas.x}, brought about by what brings it about at a host: a status that
 * nobody can meet has no place in the protocol. A new one does not compile until it has its line.
 */
final class EveryStatusTest extends EndpointScenarios {
  private static final SessionId NO_SESSION = new SessionId(4, 7);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void everyStatusIsMetOnTheWire(VaaiStatus status) {
    assertThat(meet(status)).isEqualTo(status);
  }

  /** What the host is told. */
  private VaaiStatus meet(VaaiStatus status) {
    return switch (status) {
      case OK -> cloneNow(SOURCE, COPY, 0).status();
      case PERM -> abortOfAnothersJob();
      case NOENT -> statistics(VaaiFile.byPath("none"));
      case IO -> copyFromAWornMedium();
      case ACCESS -> sessionWhereRulesRefuseIt();
      case EXIST -> cloneNow(SOURCE, COPY, CloneFlags.GUARDED).status();
      case XVOL -> statistics(VaaiLab.handleOf(lab.otherVolume().root()));
      case NOTDIR -> statistics(VaaiFile.byPath("copy/x"));
      case ISDIR -> statistics(VaaiFile.byPath(""));
      case INVAL -> statistics(VaaiFile.byPath("../copy"));
      case FBIG -> reserve(ReserveMode.LAZY_ZEROED, 1L << 60).status();
      case NOSPC -> reserve(ReserveMode.LAZY_ZEROED, VaaiLab.VOLUME_BYTES + BLOCK).status();
      case ROFS -> cloneIntoAReadOnlyExport();
      case NAMETOOLONG -> statistics(VaaiFile.byPath("x".repeat(VaaiNas.MAX_NAME + 1)));
      case STALE -> cloneOfARemovedSource();
      case BADHANDLE -> statistics(VaaiFile.byHandle(new byte[32]));
      case NOTSUPP -> cloneUnder("off", 0);
      case SERVERFAULT -> statisticsOfABrokenArray();
      case BADTYPE -> statisticsOfALink();
      case BUSY -> cloneUnder("takeover", 0);
      case TOO_DEEP -> cloneOfAClone();
      case TOO_MANY_CLONES -> twoClonesWhereOneMayRun();
      case SESSION -> of(lab.client().statistics(new StatxCall(NO_SESSION, COPY)));
      case TOO_MANY_SESSIONS -> oneSessionTooMany();
      case VERSION -> of(lab.client().startSession(new SessionStartCall(2, 3, "/one", "", 0)));
      case REQUEST -> requestIdUsedTwice();
      case JOB -> of(lab.client().cloneStatus(new JobCall(session, 99)));
      case ABORTED -> jobAbortedByItsHost();
      case LOST -> jobOfAnArrayThatStopped();
    };
  }

  private static VaaiStatus of(CompletableFuture<? extends VaaiReply<?>> answer) {
    return VaaiWire.await(answer).status();
  }

  private VaaiStatus statistics(VaaiFile file) {
    return of(lab.client().statistics(new StatxCall(session, file)));
  }

  private CloneJob beginSlowCopy() {
    slowCopies();
    CloneJob job = cloneNow(SOURCE, COPY, 0).value();
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    return job;
  }

  private VaaiStatus abortOfAnothersJob() {
    CloneJob job = beginSlowCopy();
    VaaiStatus refused = of(lab.clientOf(1000).abortClone(new JobCall(session, job.jobId())));
    assertThat(status(job.jobId()).state()).isEqualTo(JobState.RUNNING);
    return refused;
  }

  private VaaiStatus sessionWhereRulesRefuseIt() {
    lab.exports().refuseVaai("/one");
    return of(lab.client().startSession(VaaiLab.startCall("/one")));
  }

  private VaaiStatus cloneIntoAReadOnlyExport() {
    lab.exports().makeReadOnly("/one");
    return cloneNow(SOURCE, COPY, 0).status();
  }

  private VaaiStatus cloneOfARemovedSource() {
    VaaiFile handle = VaaiLab.handleOf(source);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("source"));
    return cloneNow(handle, COPY, 0).status();
  }

  private VaaiStatus cloneUnder(String profileName, int flags) {
    profile(profileName);
    return cloneNow(SOURCE, COPY, flags).status();
  }

  private VaaiStatus statisticsOfALink() {
    byte[] target = "copy".getBytes(StandardCharsets.US_ASCII);
    lab.volume()
        .names()
        .makeSymbolicLink(
            Caller.ROOT, lab.volume().root(), Name.of("link"), target, AttributeChanges.NONE);
    return statistics(VaaiFile.byPath("link"));
  }

  private VaaiStatus cloneOfAClone() {
    profile("depth-1");
    VaaiFile child = VaaiFile.byPath("child");
    assertThat(cloneNow(SOURCE, child, CloneFlags.LAZY).isOk()).isTrue();
    return cloneNow(child, VaaiFile.byPath("grandchild"), CloneFlags.LAZY).status();
  }

  private VaaiStatus twoClonesWhereOneMayRun() {
    lab.profiles()
        .set(
            "one",
            NamedProfiles.find("copying")
                .orElseThrow()
                .draft()
                .maxConcurrentClones(1)
                .maxQueuedClones(0)
                .whenBusy(WhenBusy.TOO_MANY_CLONES)
                .freeze());
    assertThat(cloneNow(SOURCE, COPY, 0).value().state()).isEqualTo(JobState.RUNNING);
    lab.makeFile(lab.volume(), "other", 0644);
    return cloneNow(SOURCE, VaaiFile.byPath("other"), 0).status();
  }

  private VaaiStatus oneSessionTooMany() {
    while (VaaiWire.await(lab.client().startSession(VaaiLab.startCall("/one"))).isOk()) {
      // bounded by what the array allows; else the test ends by its time limit
    }
    return of(lab.client().startSession(VaaiLab.startCall("/one")));
  }

  private VaaiStatus requestIdUsedTwice() {
    CloneCall first = CloneCall.within(session, 7, SOURCE, COPY, 0);
    assertThat(lab.status(first)).isEqualTo(VaaiStatus.OK);
    return lab.status(CloneCall.within(session, 7, COPY, SOURCE, 0));
  }

  private VaaiStatus jobAbortedByItsHost() {
    CloneJob job = beginSlowCopy();
    assertThat(of(lab.client().abortClone(new JobCall(session, job.jobId()))))
        .isEqualTo(VaaiStatus.OK);
    return status(job.jobId()).outcome();
  }

  private VaaiStatus jobOfAnArrayThatStopped() {
    CloneJob job = beginSlowCopy();
    lab.engine().close();
    return status(job.jobId()).outcome();
  }

  /** Every call of a session meets the defect of what stands behind, and the session lives on. */
  private VaaiStatus statisticsOfABrokenArray() {
    SessionOptions options = SessionOptions.of(Clock.systemUTC(), () -> 5);
    BrokenOffload broken = new BrokenOffload(lab.engine());
    try (VaaiWire wire =
        new VaaiWire(new HostSessions(broken, lab.exports().grants(), options, Dialect.VAAI_NAS))) {
      VaaiClient client = new VaaiClient(wire.client());
      SessionId here =
          VaaiWire.await(client.startSession(VaaiLab.startCall("/one"))).value().session();
      CloneCall clone = CloneCall.within(here, 1, SOURCE, COPY, 0);
      ReserveCall reserve = new ReserveCall(here, 2, COPY, ReserveMode.LAZY_ZEROED, 0);
      JobCall job = new JobCall(here, 1);
      for (VaaiReply<? extends VaaiMessage> reply :
          Arrays.asList(
              VaaiWire.await(client.support(new SupportCall(here, VaaiPrimitive.FULL_CLONE))),
              VaaiWire.await(client.cloneFile(clone)),
              VaaiWire.await(client.cloneFile(clone)),
              VaaiWire.await(client.cloneStatus(job)),
              VaaiWire.await(client.abortClone(job)),
              VaaiWire.await(client.reserveSpace(reserve)))) {
        assertThat(reply)
            .isEqualTo(
                VaaiReply.failed(VaaiStatus.SERVERFAULT, "a defect of the array, see its log"));
      }
      return of(client.statistics(new StatxCall(here, COPY)));
    }
  }

  /** In mid-copy the source cannot be read any more. */
  private VaaiStatus copyFromAWornMedium() {
    FailingMedium medium = new FailingMedium(folder.resolve("data"));
    try (VaaiLab worn = new VaaiLab(medium::open, array -> array)) {
      CloneJob last = copyOnto(worn, medium);
      assertThat(last.state()).isEqualTo(JobState.FAILED);
      assertThat(last.doneBytes()).isBetween(1L, last.totalBytes() - 1);
      return last.outcome();
    } finally {
      assertThat(ArrayCheck.of(folder.resolve("data"))).isEmpty();
    }
  }

  private static CloneJob copyOnto(VaaiLab worn, FailingMedium medium) {
    worn.profiles().set("one", SLOW);
    worn.makeFile("source", 1, 10);
    Inode old = worn.makeFile("copy", 2, 3);
    SessionId here = worn.session("/one");
    CloneJob job =
        VaaiWire.await(worn.client().cloneFile(worn.clone(here, SOURCE, COPY, 0))).value();
    worn.passSeconds(4);
    medium.failReads(true);
    worn.passSeconds(20);
    medium.failReads(false);
    assertThat(worn.seedAt(old, 2)).isEqualTo(2);
    worn.array().awaitReclaim();
    assertThat(worn.volume().space().ofVolume().physicalUsedBytes()).isEqualTo(13L * BLOCK);
    assertThat(worn.volume().space().ofVolume().inodes()).isEqualTo(3);
    assertThat(worn.engine().statistics().total("one", OffloadCounter.FULL_CLONE_FAILURE))
        .isEqualTo(1);
    return VaaiWire.await(worn.client().cloneStatus(new JobCall(here, job.jobId()))).value();
  }

  /** A step that meets a defect ends its job, as the same status, and gives everything back. */
  @Test
  void aDefectWithinAJobIsTheJobsOutcome() {
    CloneJob job = beginSlowCopy();
    lab.passSeconds(4);
    lab.scheduler().refuseNext();
    lab.passSeconds(20);
    CloneJob last = status(job.jobId());
    assertThat(last.state()).isEqualTo(JobState.FAILED);
    assertThat(last.outcome()).isEqualTo(VaaiStatus.SERVERFAULT);
    assertCopyIsUntouched();
    assertThat(lab.volume().space().ofVolume().physicalUsedBytes()).isEqualTo(13L * BLOCK);
  }

  @Test
  void theDocumentNamesEveryStatus() throws IOException {
    String document = Files.readString(Path.of("..", "docs", "vaai-nas.md"));
    for (VaaiStatus status : VaaiStatus.values()) {
      assertThat(document).contains("\n| `" + status + "` | " + status.code() + " |");
    }
  }
}
