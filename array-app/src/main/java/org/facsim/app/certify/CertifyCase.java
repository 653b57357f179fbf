/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.util.Objects;
import java.util.Set;

/**
 * One case, as data.
 *
 * @param name for people and for {@code --case}
 * @param title what happens, in a sentence
 * @param operation what the command is asked to do
 * @param answers what it may say; {@link Answer#COPIED} counts as allowed where {@link
 *     Answer#NOT_CLONED} is
 * @param mostClones how often the array may have made the clone at the end
 * @param mayHaveCloned whether the destination may be the clone although the command says that it
 *     is not: where the array did it and could not say so
 * @param mustCall a procedure of the VAAI program that the command must have called, in whatever
 *     dialect; {@link #ANY} for any of them
 * @param staging what makes the case hard
 */
record CertifyCase(
    String name,
    String title,
    Operation operation,
    Set<Answer> answers,
    int mostClones,
    boolean mayHaveCloned,
    String mustCall,
    Staging staging) {
  static final String ANY = "";

  CertifyCase {
    Objects.requireNonNull(name);
    Objects.requireNonNull(title);
    Objects.requireNonNull(operation);
    answers = Set.copyOf(answers);
    Objects.requireNonNull(mustCall);
    Objects.requireNonNull(staging);
  }

  /** What is done around the start of the array. */
  interface Staging {
    /** Nothing. */
    Staging NONE = stage -> {};

    /** Called once the array runs and the files are there, before the command. */
    void prepare(Stage stage);

    /** Whether the array restarts in this case, so that it needs a data directory. */
    default boolean restarts() {
      return false;
    }
  }

  boolean allows(Answer answer) {
    return answers.contains(answer)
        || (answer == Answer.COPIED && answers.contains(Answer.NOT_CLONED));
  }
}
