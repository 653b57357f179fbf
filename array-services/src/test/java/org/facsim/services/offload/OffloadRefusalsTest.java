/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.offload.ArrayProfile.WhenBusy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each error of the engine, brought about by what brings it about; a refusal has changed nothing. A
 * new one does not compile until it has its line.
 */
final class OffloadRefusalsTest extends OffloadScenarios {
  /** The others are those of sessions, of a medium that fails, and of defects. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "IO",
        "DEFECT",
        "UNKNOWN_SESSION",
        "TOO_MANY_SESSIONS",
        "VERSION_NOT_SERVED",
        "REQUEST_REUSED"
      })
  void everyErrorOfTheEngineIsMet(OffloadError error) {
    assertThat(meet(error)).isEqualTo(error);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
  }

  /** What was answered. */
  private OffloadError meet(OffloadError error) {
    return switch (error) {
      case NOT_PERMITTED -> abortBySomebodyElse();
      case NOT_FOUND -> refused(FileRef.byPath("none"), COPY);
      case ACCESS_DENIED -> refusedByTheExport();
      case EXISTS -> refused(SOURCE, COPY, CloneOption.GUARDED);
      case CROSS_VOLUME -> refused(OffloadLab.refOf(lab.otherVolume().root()), COPY);
      case NOT_DIRECTORY -> refused(FileRef.byPath("copy/x"), COPY);
      case IS_DIRECTORY -> refused(SOURCE, FileRef.byPath(""));
      case INVALID_ARGUMENT -> refused(SOURCE, SOURCE);
      case FILE_TOO_LARGE -> reservation(1L << 60);
      case NO_SPACE -> reservation(OffloadLab.VOLUME_BYTES + BLOCK);
      case READ_ONLY -> refusedByAReadOnlyExport();
      case NAME_TOO_LONG -> refused(FileRef.byPath("x".repeat(256)), COPY);
      case STALE -> refusedForARemovedFile();
      case BAD_HANDLE -> refused(FileRef.byHandle(new byte[32]), COPY);
      case NOT_SUPPORTED -> refusedUnder("off");
      case WRONG_TYPE -> refusedForALink();
      case BUSY -> refusedUnder("takeover");
      case TOO_DEEP -> refusedForACloneOfAClone();
      case TOO_MANY_CLONES -> refusedBesideAnother();
      case UNKNOWN_JOB -> jobThatNeverWas();
      case ABORTED -> copyThatIsAborted();
      case LOST -> copyThatAnEndOvertakes();
      case IO, DEFECT, UNKNOWN_SESSION, TOO_MANY_SESSIONS, VERSION_NOT_SERVED, REQUEST_REUSED ->
          throw new IllegalArgumentException(error + " is none of the engine's calls");
    };
  }

  private OffloadError refused(FileRef from, FileRef to, CloneOption... options) {
    return refused(order(from, to, options));
  }

  private OffloadError refused(CloneOrder order) {
    long before = lab.array().physicalUsedBytes();
    OffloadFailure failure = assertThrows(OffloadFailure.class, () -> engine.startClone(order));
    assertThat(lab.array().physicalUsedBytes()).isEqualTo(before);
    assertThat(engine.lastJobInto(copy.handle())).isEmpty();
    List<CloneReport> reports = engine.explanations().last();
    CloneReport report = reports.get(reports.size() - 1);
    assertThat(report.status()).as("the explanation").isEqualTo(failure.error().name());
    assertThat(report.reason()).isEqualTo(failure.getMessage());
    assertThat(report.firstFailed()).isPresent();
    return failure.error();
  }

  private OffloadError reservation(long sizeBytes) {
    OffloadFailure failure =
        assertThrows(
            OffloadFailure.class,
            () -> engine.reserveSpace(root(), COPY, ReserveMode.LAZY_ZEROED, sizeBytes));
    assertThat(lab.volume().space().of(copy).reservedBytes()).isZero();
    return failure.error();
  }

  private OffloadError refusedByTheExport() {
    lab.exports().refuseVaai("/one");
    return refused(SOURCE, COPY);
  }

  private OffloadError refusedByAReadOnlyExport() {
    lab.exports().makeReadOnly("/one");
    return refused(SOURCE, COPY);
  }

  private OffloadError refusedForARemovedFile() {
    FileRef handle = OffloadLab.refOf(source);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("source"));
    return refused(handle, COPY);
  }

  private OffloadError refusedUnder(String profile) {
    profile(profile);
    return refused(SOURCE, COPY);
  }

  private OffloadError refusedForALink() {
    lab.volume()
        .names()
        .makeSymbolicLink(
            Caller.ROOT,
            lab.volume().root(),
            Name.of("link"),
            new byte[] {'a'},
            AttributeChanges.NONE);
    return refused(FileRef.byPath("link"), COPY);
  }

  private OffloadError refusedForACloneOfAClone() {
    profile("depth-1");
    FileRef child = FileRef.byPath("child");
    OffloadLab.await(engine.startClone(order(SOURCE, child, CloneOption.LAZY)).answer());
    return refused(child, FileRef.byPath("grandchild"), CloneOption.LAZY);
  }

  private OffloadError refusedBesideAnother() {
    lab.profiles()
        .set(
            "one", SLOW.draft().maxConcurrentClones(1).whenBusy(WhenBusy.TOO_MANY_CLONES).freeze());
    Inode other = lab.makeFile("other", 3, 1);
    engine.startClone(order(SOURCE, OffloadLab.refOf(other)));
    return refused(SOURCE, COPY);
  }

  private long slowCopy() {
    lab.profiles().set("one", SLOW);
    return engine.startClone(order(SOURCE, COPY)).jobId();
  }

  private OffloadError abortBySomebodyElse() {
    long jobId = slowCopy();
    Caller other = new Caller(1000, 1000, List.of());
    OffloadError error =
        assertThrows(OffloadFailure.class, () -> engine.abort(jobId, other, "mine")).error();
    assertThat(engine.job(jobId).state()).isEqualTo(JobState.RUNNING);
    return error;
  }

  private OffloadError jobThatNeverWas() {
    return assertThrows(OffloadFailure.class, () -> engine.job(99)).error();
  }

  private OffloadError copyThatIsAborted() {
    return engine.abort(slowCopy(), Caller.ROOT, "by a test").error().orElseThrow();
  }

  private OffloadError copyThatAnEndOvertakes() {
    long jobId = slowCopy();
    engine.close();
    return engine.job(jobId).error().orElseThrow();
  }

  @Test
  void anOptionThatNobodyKnowsIsNamedInTheRefusal() {
    CloneOrder order =
        CloneOrder.within(root(), SOURCE, COPY, new CloneOptions(Set.of(), "clone flags 0x10"));
    assertThat(assertThrows(OffloadFailure.class, () -> engine.startClone(order)))
        .hasMessage("unknown clone flags 0x10");
  }

  @Test
  void aDialectThatTheProfileDoesNotServeIsRefused() {
    lab.profiles()
        .set("one", NamedProfiles.SHARING.draft().dialects(Set.of(Dialect.HTTP)).freeze());
    assertThat(refused(SOURCE, COPY)).isEqualTo(OffloadError.NOT_SUPPORTED);
  }

  /** Rules of the source's export count, too. */
  @Test
  void aSourceWhoseExportRefusesOffloadsIsRefused() {
    lab.makeFile(lab.otherVolume(), "far", 0644);
    lab.exports().refuseVaai("/two");
    assertThat(refused(across(FileRef.byPath("far"), COPY))).isEqualTo(OffloadError.ACCESS_DENIED);
  }
}
