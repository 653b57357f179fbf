/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.facsim.array.Caller;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Explainer;
import org.facsim.services.explain.Explanation;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.Finding;
import org.facsim.services.explain.Finding.Judgement;
import org.facsim.services.explain.Precondition;
import org.junit.jupiter.api.Test;

/** What the array can tell of a clone afterwards, and that it is what the array decided by. */
class ExplainedClonesTest extends OffloadScenarios {
  private static final InetAddress ADDRESS = host().getAddress();

  private Explanation explain(String path) {
    return new Explainer(
            lab.array(),
            engine.explanations(),
            (client, from, to) ->
                engine.examine(
                    order(
                        from == null ? FileRef.byPath("none") : OffloadLab.refOf(from),
                        OffloadLab.refOf(to))))
        .ofPath(path)
        .orElseThrow();
  }

  private static Map<Precondition, Judgement> judged(List<Finding> findings) {
    return findings.stream().collect(Collectors.toMap(Finding::precondition, Finding::judgement));
  }

  @Test
  void aCloneThatSharesIsOffloadedAndEveryPreconditionHolds() {
    CloneReport heard = lastAfter(() -> engine.startClone(order(SOURCE, COPY)));
    Explanation why = explain("/one/copy");

    assertThat(why.outcome()).isEqualTo(CloneOutcome.SHARED);
    assertThat(why.headline())
        .isEqualTo(
            "/one/copy was offloaded: the array shares 40.0 KiB with the source, and no data"
                + " crossed the network.");
    assertThat(why.firstFailed()).isEmpty();
    Map<Precondition, Judgement> judged = judged(why.preconditions());
    assertThat(judged).hasSize(Precondition.values().length);
    assertThat(judged.get(Precondition.SESSION)).isEqualTo(Judgement.NOT_EVALUATED);
    assertThat(judged)
        .allSatisfy(
            (precondition, judgement) ->
                assertThat(judgement)
                    .as(precondition.label())
                    .isNotIn(Judgement.FAILED, Judgement.WOULD_ALSO_FAIL));
    assertThat(why.cost().destinationBefore().orElseThrow().chargedBytes()).isEqualTo(3L * BLOCK);
    assertThat(why.cost().destinationAfter().orElseThrow().chargedBytes()).isZero();
    assertThat(why.cost().destinationAfter().orElseThrow().referencedBytes())
        .isEqualTo((long) BLOCKS * BLOCK);
    assertThat(why.cost().destinationAfter().orElseThrow().exclusiveBytes()).hasValue(0);
    assertThat(why.cost().sourceBefore().orElseThrow().exclusiveBytes())
        .hasValue((long) BLOCKS * BLOCK);
    assertThat(why.cost().sourceAfter().orElseThrow().exclusiveBytes()).hasValue(0);
    assertThat(why.sourceNow().orElseThrow().exclusiveBytes()).isZero();
    assertThat(why.advice()).isEmpty();
    assertThat(heard.outcome()).isEqualTo(CloneOutcome.SHARED);
  }

  private CloneReport lastAfter(Runnable clone) {
    List<CloneReport> heard = new ArrayList<>();
    engine.explanations().tell(heard::add);
    clone.run();
    assertThat(heard).hasSize(1);
    return heard.get(0);
  }

  @Test
  void aRefusalBecauseOfTheDestinationIsWhatTheFileIsExplainedBy() {
    lastAfter(() -> engine.startClone(order(SOURCE, COPY)));
    assertThrows(
        OffloadFailure.class, () -> engine.startClone(order(SOURCE, COPY, CloneOption.GUARDED)));

    Explanation why = explain("/one/copy");

    assertThat(why.outcome()).isEqualTo(CloneOutcome.REFUSED);
    assertThat(why.firstFailed()).contains(Precondition.DESTINATION);
    assertThat(why.kind()).isEqualTo("guarded full clone");
  }

  /** Hosts name files by handles, and remove the destination of a clone that failed. */
  @Test
  void aCloneIntoAFileThatWasRemovedIsFoundByItsPathThoughNamedByItsHandle() {
    lab.exports().refuseVaai("/one");
    Name copy = Name.of("copy");
    FileRef into =
        OffloadLab.refOf(lab.volume().names().lookup(Caller.ROOT, lab.volume().root(), copy));
    assertThrows(OffloadFailure.class, () -> engine.startClone(order(SOURCE, into)));
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), copy);

    Explanation why = explain("/one/copy");

    assertThat(why.outcome()).isEqualTo(CloneOutcome.REFUSED);
    assertThat(why.firstFailed()).contains(Precondition.VAAI_ALLOWED);
  }

  @Test
  void behindTheFirstThatFailsAllOthersAreJudgedToo() {
    lab.exports().refuseVaai("/one");
    profile("statistics-only");
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("source"));

    OffloadFailure refused =
        assertThrows(OffloadFailure.class, () -> engine.startClone(order(SOURCE, COPY)));
    Explanation why = explain("/one/copy");

    assertThat(refused.error()).isEqualTo(OffloadError.ACCESS_DENIED);
    assertThat(why.status()).isEqualTo("ACCESS_DENIED");
    assertThat(why.firstFailed()).contains(Precondition.VAAI_ALLOWED);
    assertThat(judged(why.preconditions()))
        .containsEntry(Precondition.VAAI_ALLOWED, Judgement.FAILED)
        .containsEntry(Precondition.DIALECT, Judgement.HOLDS)
        .containsEntry(Precondition.AVAILABLE, Judgement.HOLDS)
        .containsEntry(Precondition.OFFERED, Judgement.WOULD_ALSO_FAIL)
        .containsEntry(Precondition.SOURCE, Judgement.WOULD_ALSO_FAIL)
        .containsEntry(Precondition.DESTINATION, Judgement.HOLDS)
        .containsEntry(Precondition.SPACE, Judgement.NOT_EVALUATED)
        .containsEntry(Precondition.CONCURRENCY, Judgement.HOLDS)
        .containsEntry(Precondition.COMPLETION, Judgement.NOT_EVALUATED);
    assertThat(why.advice())
        .containsExactly(
            Precondition.VAAI_ALLOWED.advice(),
            Precondition.OFFERED.advice(),
            Precondition.SOURCE.advice());
    assertThat(engine.explanations().counts())
        .contains(
            new Explanations.Count(
                new Explanations.Counted(
                    "one",
                    "vaai-nas",
                    CloneOutcome.REFUSED,
                    Optional.of(Precondition.VAAI_ALLOWED)),
                1));
  }

  @Test
  void aRefusedCloneThatTheHostThenCopiesTellsBoth() {
    profile("off");
    assertThrows(OffloadFailure.class, () -> engine.startClone(order(SOURCE, COPY)));
    engine.explanations().transfers().wrote(copy, ADDRESS, 5000);
    engine.explanations().transfers().read(source, ADDRESS, 5000);

    Explanation why = explain("/one/copy");

    assertThat(why.headline())
        .isEqualTo(
            "/one/copy was not offloaded: the array refused the clone, because offloading is"
                + " switched off. Hosts wrote 4.9 KiB over the network afterwards.");
    assertThat(why.moved().writes()).isEqualTo(1);
    assertThat(why.moved().writtenBytes()).isEqualTo(5000);
    assertThat(why.moved().readMeanwhile())
        .containsExactly(new Explanation.Source("/one/source", HOST, 1, 5000));
  }

  @Test
  void whatWasWrittenBeforeTheCloneIsNotCountedAsCopied() {
    engine.explanations().transfers().wrote(copy, ADDRESS, 5000);
    engine.startClone(order(SOURCE, COPY));

    assertThat(explain("/one/copy").moved().writes()).isZero();
    engine.explanations().transfers().wrote(copy, ADDRESS, 700);
    assertThat(explain("/one/copy").moved().writtenBytes()).isEqualTo(700);
  }

  @Test
  void aFileThatNoCloneMadeIsJudgedAsIfTheHostHadAsked() {
    profile("off");
    assertThat(engine.support(root(), Primitive.FULL_CLONE).supported()).isFalse();
    engine.explanations().transfers().read(source, ADDRESS, 8192);
    engine.explanations().transfers().wrote(copy, ADDRESS, 8192);

    Explanation why = explain("/one/copy");

    assertThat(why.outcome()).isEqualTo(CloneOutcome.WRITTEN);
    assertThat(why.headline()).contains("no clone into it was asked for", HOST + " wrote 8.0 KiB");
    assertThat(why.firstFailed()).contains(Precondition.AVAILABLE);
    assertThat(judged(why.preconditions()))
        .containsEntry(Precondition.SOURCE, Judgement.HOLDS)
        .containsEntry(Precondition.AVAILABLE, Judgement.FAILED);
    assertThat(why.sections().get(0).lines().get(0))
        .endsWith("vaai-nas full-clone: no, because offloading is switched off");
    assertThat(engine.explanations().last()).as("nothing was asked").isEmpty();
  }

  @Test
  void aFileOfWhichNothingIsKnownSaysSo() {
    assertThat(explain("/one/copy").outcome()).isEqualTo(CloneOutcome.UNKNOWN);
  }

  @Test
  void aDryRunAnAbortAndARestoreAreExplained() {
    engine.startClone(order(SOURCE, COPY, CloneOption.DRY_RUN));
    assertThat(explain("/one/copy").outcome()).isEqualTo(CloneOutcome.DRY_RUN);

    profile("copying");
    StartedClone aborted = engine.startClone(order(SOURCE, COPY));
    assertThat(explain("/one/copy").outcome()).isEqualTo(CloneOutcome.UNDER_WAY);
    engine.abort(aborted.jobId(), Caller.ROOT, "aborted by a test");
    Explanation why = explain("/one/copy");
    assertThat(why.outcome()).isEqualTo(CloneOutcome.ABORTED);
    assertThat(why.firstFailed()).contains(Precondition.COMPLETION);
    assertThat(why.moved().abortCalls()).isEqualTo(1);

    lab.array().saveState("before");
    profile("sharing");
    engine.startClone(order(SOURCE, COPY));
    lab.array().restoreState("before");
    assertThat(explain("/one/copy").outcome()).isEqualTo(CloneOutcome.LOST);
    assertThat(explain("/one/copy").headline()).contains("restored to a named state");
  }

  @Test
  void aCloneThatArrayCopiesTellsWhatItTook() {
    profile("copying");
    StartedClone clone = engine.startClone(order(SOURCE, COPY));
    lab.passSeconds(10);
    OffloadLab.await(clone.end());

    Explanation why = explain("/one/copy");

    assertThat(why.outcome()).isEqualTo(CloneOutcome.COPIED_INSIDE);
    assertThat(why.moved().copiedBytes()).isEqualTo((long) BLOCKS * BLOCK);
    assertThat(why.cost().destinationAfter().orElseThrow().exclusiveBytes())
        .hasValue((long) BLOCKS * BLOCK);
  }

  @Test
  void reportsAreBounded() {
    for (int i = 0; i < Explanations.MAX_REPORTS + 10; i++) {
      assertThrows(
          OffloadFailure.class, () -> engine.startClone(order(FileRef.byPath("none"), COPY)));
    }
    assertThat(engine.explanations().last()).hasSize(Explanations.MAX_REPORTS);
  }

  @Test
  void aDiskThatIsCopiedIsNotForgottenForManySmallFiles() {
    engine.explanations().transfers().wrote(copy, ADDRESS, 1 << 20);
    Volume volume = lab.volume();
    for (int i = 0; i < 8192; i++) {
      engine.explanations().transfers().wrote(lab.makeFile(volume, "f" + i, 0644), ADDRESS, 10);
    }
    assertThat(explain("/one/copy").moved().writtenBytes()).isEqualTo(1 << 20);
  }
}
