/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What was observed since the lab began: all that a score is made from.
 *
 * @param elapsed since the lab was started or reset
 * @param answers what the trainee stated, in order
 * @param hintCosts of the hints that were taken
 * @param downtimeByVm how long VMs were off that ran at the start
 * @param copiedBytesByDirectory what hosts wrote into directories that were not there at the start
 * @param missedCalls calls that the journal could not keep; then bytes are a lower bound
 * @param peeks how often somebody looked at, or changed, the fault rules of the array
 * @param start facts at the start
 * @param now facts now
 */
record Evidence(
    Duration elapsed,
    List<Answer> answers,
    List<Integer> hintCosts,
    Map<String, Duration> downtimeByVm,
    Map<String, Long> copiedBytesByDirectory,
    long missedCalls,
    int peeks,
    Facts start,
    Facts now) {
  Evidence {
    answers = List.copyOf(answers);
    hintCosts = List.copyOf(hintCosts);
    downtimeByVm = Map.copyOf(downtimeByVm);
    copiedBytesByDirectory = Map.copyOf(copiedBytesByDirectory);
    Objects.requireNonNull(start);
    Objects.requireNonNull(now);
  }

  /** A cause that was stated. */
  record Answer(Cause cause, String about, Duration after) {
    boolean isRight(LabFile.Incident incident) {
      return isRightCause(incident) && isRightSubject(incident);
    }

    boolean isRightCause(LabFile.Incident incident) {
      return cause == incident.cause();
    }

    boolean isRightSubject(LabFile.Incident incident) {
      return incident.about().isEmpty() || incident.about().equals(about);
    }
  }

  /** When the right cause was stated. */
  Optional<Duration> found(LabFile.Incident incident) {
    return answers.stream()
        .filter(answer -> answer.isRight(incident))
        .map(Answer::after)
        .findFirst();
  }

  /** How many answers were wrong. */
  int wrongAnswers(LabFile.Incident incident) {
    return (int) answers.stream().filter(answer -> !answer.isRight(incident)).count();
  }

  Duration downtime() {
    return downtimeByVm.values().stream().reduce(Duration.ZERO, Duration::plus);
  }

  long copiedBytes() {
    return copiedBytesByDirectory.values().stream().mapToLong(Long::longValue).sum();
  }
}
