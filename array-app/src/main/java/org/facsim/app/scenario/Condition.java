/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.OptionalLong;

/** What a {@link Fact} must be. */
sealed interface Condition {
  /** Whether a fact meets it; one that is unknown meets none. */
  boolean holds(Fact fact);

  /** The condition that the same file would have with the opposite expectation. */
  Condition turnedAround();

  /** This number. */
  record Exactly(long number) implements Condition {
    @Override
    public boolean holds(Fact fact) {
      OptionalLong found = fact.number();
      return found.isPresent() && found.getAsLong() == number;
    }

    @Override
    public Condition turnedAround() {
      return new Exactly(number + 1);
    }

    @Override
    public String toString() {
      return "exactly " + number;
    }
  }

  /** This number, or more. */
  record AtLeast(long number) implements Condition {
    @Override
    public boolean holds(Fact fact) {
      OptionalLong found = fact.number();
      return found.isPresent() && found.getAsLong() >= number;
    }

    @Override
    public Condition turnedAround() {
      return new AtMost(number - 1);
    }

    @Override
    public String toString() {
      return "at least " + number;
    }
  }

  /** This number, or fewer. */
  record AtMost(long number) implements Condition {
    @Override
    public boolean holds(Fact fact) {
      OptionalLong found = fact.number();
      return found.isPresent() && found.getAsLong() <= number;
    }

    @Override
    public Condition turnedAround() {
      return new AtLeast(number + 1);
    }

    @Override
    public String toString() {
      return "at most " + number;
    }
  }

  /** This word. */
  record Is(String word) implements Condition {
    @Override
    public boolean holds(Fact fact) {
      return fact.isKnown() && fact.value().equals(word);
    }

    @Override
    public Condition turnedAround() {
      return new Is(
          switch (word) {
            case "true" -> "false";
            case "false" -> "true";
            default -> "not " + word;
          });
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** Words with a text in them. */
  record Contains(String text) implements Condition {
    @Override
    public boolean holds(Fact fact) {
      return fact.isKnown() && fact.value().contains(text);
    }

    @Override
    public Condition turnedAround() {
      return new Lacks(text);
    }

    @Override
    public String toString() {
      return "with '" + text + "'";
    }
  }

  /** Words without a text in them. */
  record Lacks(String text) implements Condition {
    @Override
    public boolean holds(Fact fact) {
      return fact.isKnown() && !fact.value().contains(text);
    }

    @Override
    public Condition turnedAround() {
      return new Contains(text);
    }

    @Override
    public String toString() {
      return "without '" + text + "'";
    }
  }
}
