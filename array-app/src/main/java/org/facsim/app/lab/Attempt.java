/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.facsim.management.LabRefusal;
import org.facsim.management.LabView;

/**
 * A trainee's attempt at a lab: the hints that were taken and the causes that were stated since the
 * lab was started, or somebody else began. A reset of the array undoes none of that, because the
 * trainee knows it still. Thread-safe.
 */
final class Attempt {
  private final LabFile file;
  private final InstantSource clock;

  // All guarded by the monitor of this object.
  private final List<Evidence.Answer> answers = new ArrayList<>();
  private int hintsTaken;
  private Instant startedAt;

  Attempt(LabFile file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  /** Begins anew. */
  synchronized void begin() {
    answers.clear();
    hintsTaken = 0;
    startedAt = clock.instant();
  }

  synchronized Instant startedAt() {
    return startedAt;
  }

  synchronized Duration elapsed() {
    return Duration.between(startedAt, clock.instant());
  }

  /**
   * What is to be found.
   *
   * @throws LabRefusal CONFLICT if the lab has no incident
   */
  LabFile.Incident incident() {
    return file.incident()
        .orElseThrow(
            () ->
                new LabRefusal(
                    LabRefusal.Kind.CONFLICT,
                    "lab '" + file.name() + "' has no incident: look around as you like"));
  }

  // ---------------------------------------------------------------- hints

  synchronized int hintsTaken() {
    return hintsTaken;
  }

  synchronized int hintsLeft() {
    return file.incident().map(incident -> incident.hints().size()).orElse(0) - hintsTaken;
  }

  /** What the hints cost that were taken. */
  synchronized List<Integer> hintCosts() {
    return file.incident().stream()
        .flatMap(incident -> incident.hints().stream().limit(hintsTaken))
        .map(LabFile.Hint::cost)
        .toList();
  }

  synchronized LabView.Hints hints() {
    LabFile.Incident incident = incident();
    List<LabView.Hint> taken = new ArrayList<>();
    for (int i = 0; i < hintsTaken; i++) {
      LabFile.Hint hint = incident.hints().get(i);
      taken.add(new LabView.Hint(i + 1, hint.cost(), hint.text()));
    }
    int left = hintsLeft();
    return new LabView.Hints(
        taken, left, left == 0 ? null : incident.hints().get(hintsTaken).cost());
  }

  synchronized LabView.Hints takeHint() {
    if (hintsTaken == incident().hints().size()) {
      throw new LabRefusal(LabRefusal.Kind.CONFLICT, "no hint is left");
    }
    hintsTaken++;
    return hints();
  }

  /** How many answers were wrong. */
  synchronized int wrongAnswers() {
    return file.incident()
        .map(incident -> (int) answers.stream().filter(answer -> !answer.isRight(incident)).count())
        .orElse(0);
  }

  // ---------------------------------------------------------------- causes

  LabView.Causes causes() {
    return new LabView.Causes(
        Arrays.stream(Cause.values())
            .map(cause -> new LabView.Cause(cause.label(), cause.words()))
            .toList(),
        LabFileReader.subjects(file.site()));
  }

  synchronized List<Evidence.Answer> answers() {
    return List.copyOf(answers);
  }

  /**
   * States a cause.
   *
   * @param about the host, VM or volume; may be empty
   */
  synchronized LabView.Answered answer(String cause, String about) {
    LabFile.Incident incident = incident();
    Cause stated =
        Cause.find(cause)
            .orElseThrow(
                () ->
                    new LabRefusal(
                        LabRefusal.Kind.INVALID,
                        "cause '" + cause + "'; allowed: what 'facsim lab causes' lists"));
    List<String> subjects = LabFileReader.subjects(file.site());
    if (!about.isEmpty() && !subjects.contains(about)) {
      throw new LabRefusal(
          LabRefusal.Kind.INVALID,
          "about '" + about + "'; allowed: one of " + String.join(", ", subjects));
    }
    if (about.isEmpty() && !incident.about().isEmpty()) {
      throw new LabRefusal(
          LabRefusal.Kind.INVALID,
          "what it is about is missing; allowed: one of " + String.join(", ", subjects));
    }
    Evidence.Answer answer = new Evidence.Answer(stated, about, elapsed());
    answers.add(answer);
    return new LabView.Answered(
        answer.isRightCause(incident),
        answer.isRightSubject(incident),
        answers.size(),
        answer.after().toMillis() / 1000.0);
  }
}
