/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.List;
import java.util.Objects;

/**
 * One condition of an expectation.
 *
 * @param line of the file
 * @param subject what is looked at, for people
 * @param question finds it
 * @param condition what it must be
 */
record Check(int line, String subject, Question question, Condition condition) {
  /** Finds a fact after a step. */
  @FunctionalInterface
  interface Question {
    Fact ask(Evidence evidence);

    /** What nearly was what is looked for, for a check that fails; each a line. */
    default List<String> nearest(Evidence evidence) {
      return List.of();
    }
  }

  Check {
    Objects.requireNonNull(subject);
    Objects.requireNonNull(question);
    Objects.requireNonNull(condition);
  }

  /** The same check with the opposite expectation. */
  Check turnedAround() {
    return new Check(line, subject, question, condition.turnedAround());
  }
}
