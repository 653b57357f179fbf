/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.services.explain.Explanation.Moved;
import org.facsim.services.explain.Explanation.Section;
import org.facsim.services.explain.Explanation.Source;
import org.facsim.services.explain.Finding.Judgement;
import org.facsim.services.explain.HostQuestions.Answer;

/** What to change so that a clone is offloaded. */
final class Advice {
  private static final String ARRAY = "array";

  private Advice() {}

  static List<String> of(CloneReport report, CloneOutcome outcome, Moved moved, boolean isUndone) {
    if (isUndone) {
      return List.of("Clone again: the restored state does not have the clone.");
    }
    if (outcome.isOffloaded() || outcome == CloneOutcome.DRY_RUN) {
      return moved.copiedBytes() == 0
          ? List.of()
          : List.of(
              "Nothing, to be offloaded. To take no space, too, clone within one volume whose"
                  + " profile shares blocks.");
    }
    if (outcome == CloneOutcome.UNDER_WAY) {
      return List.of("Nothing: wait for the end of the job.");
    }
    boolean isFaults = report.firstFailed().equals(Optional.of(Precondition.FAULT));
    if (outcome == CloneOutcome.ABORTED && !isFaults) {
      return List.of("Nothing at the array: somebody asked to abort the job. Clone again.");
    }
    if (report.status().equals("NO_SPACE") && !isFaults) {
      return List.of(Precondition.SPACE.advice());
    }
    return ofFindings(report);
  }

  private static List<String> ofFindings(CloneReport report) {
    List<String> advice = new ArrayList<>();
    report.firstFailed().ifPresent(first -> advice.add(first.advice()));
    for (Finding each : report.findings()) {
      if (each.judgement() == Judgement.WOULD_ALSO_FAIL) {
        advice.add(each.precondition().advice());
      }
    }
    return advice;
  }

  static List<String> withoutClone(
      Optional<CloneReport> judged, List<Answer> answers, List<Source> sources) {
    if (judged.isEmpty()) {
      return List.of();
    }
    List<String> advice = new ArrayList<>();
    if (answers.isEmpty()) {
      advice.add(
          "Install the VAAI-NAS plugin on the host, or find out why it does not ask: this host"
              + " never asked the array to offload anything on the volume.");
    }
    if (sources.size() > 1) {
      advice.add(
          "Clone a disk that is one file: the host read several files meanwhile. If they are the"
              + " redo logs of one disk, consolidate its snapshots first; a guest that is quiesced"
              + " for its applications can leave two of them.");
    }
    boolean knowsSource = !sources.isEmpty();
    judged.get().findings().stream()
        .filter(
            each ->
                each.judgement() == Judgement.FAILED
                    || each.judgement() == Judgement.WOULD_ALSO_FAIL)
        .filter(each -> knowsSource || each.precondition() != Precondition.SOURCE)
        .forEach(each -> advice.add(each.precondition().advice()));
    if (advice.isEmpty()) {
      advice.add(
          "Let the host ask for the clone: by the array's rules of now it would be offloaded.");
    }
    return advice;
  }

  /** What the host asked on the volume before. */
  static Section asked(String client, List<Answer> answers) {
    List<String> lines = new ArrayList<>();
    for (Answer each : answers) {
      lines.add(
          each.at()
              + " "
              + each.dialect()
              + " "
              + each.question()
              + ": "
              + (each.isYes() ? "yes" : "no, because " + each.reason()));
    }
    if (lines.isEmpty()) {
      lines.add(client + " never asked the array to offload anything on the volume");
    }
    return new Section(ARRAY, "What the host asked before", lines);
  }
}
