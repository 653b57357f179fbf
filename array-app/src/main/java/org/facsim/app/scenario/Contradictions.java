/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds expectations of one step that no fact can meet together, while the file is read. */
final class Contradictions {
  private static final String STATE = "task: state";
  private static final String FAULT = "task: fault";

  private final Map<String, List<Condition>> conditions = new LinkedHashMap<>();

  /** Notes a problem for each check that contradicts an earlier one. */
  void look(YamlNode expectation, List<Check> checks) {
    for (Check check : checks) {
      List<Condition> before =
          conditions.computeIfAbsent(
              identity(expectation, check.subject()), key -> new ArrayList<>());
      Optional<Condition> against =
          before.stream().filter(other -> !canBothHold(other, check.condition())).findFirst();
      against.ifPresent(
          other ->
              expectation.wrong(
                  "%s: %s, and also %s; allowed: what can be so at once"
                      .formatted(check.subject(), other, check.condition())));
      before.add(check.condition());
      requireOneEnd(expectation, check);
    }
  }

  /** What a check looks at: two arrays may have volumes of one name, and windows may differ. */
  private static String identity(YamlNode expectation, String subject) {
    StringBuilder identity = new StringBuilder(subject);
    expectation
        .entries()
        .values()
        .forEach(
            value ->
                Stream.of("array", "volume", "since")
                    .forEach(key -> identity.append('|').append(value.text(key).orElse(""))));
    return identity.toString();
  }

  /** A task that succeeds has no fault. */
  private void requireOneEnd(YamlNode expectation, Check check) {
    if (!check.subject().startsWith(STATE) && !check.subject().startsWith(FAULT)) {
      return;
    }
    boolean succeeds = has(STATE, new Condition.Is("success"));
    boolean fails = has(STATE, new Condition.Is("error"));
    boolean hasNoFault = has(FAULT, new Condition.Is(Fact.NONE));
    boolean hasFault =
        all(FAULT).anyMatch(condition -> !condition.equals(new Condition.Is(Fact.NONE)));
    if ((succeeds && hasFault) || (fails && hasNoFault)) {
      expectation.wrong(
          "task: state %s, and also %s fault; allowed: what can be so at once"
              .formatted(succeeds ? "success" : "error", hasFault ? "a" : "no"));
    }
  }

  private boolean has(String subject, Condition condition) {
    return all(subject).anyMatch(condition::equals);
  }

  private Stream<Condition> all(String subject) {
    return conditions.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(subject + "|"))
        .flatMap(entry -> entry.getValue().stream());
  }

  private static boolean canBothHold(Condition one, Condition other) {
    if (one instanceof Condition.Is is) {
      return canBe(is.word(), other);
    }
    if (other instanceof Condition.Is is) {
      return canBe(is.word(), one);
    }
    return Math.max(least(one), least(other)) <= Math.min(most(one), most(other));
  }

  private static boolean canBe(String word, Condition condition) {
    return condition.holds(Fact.of(word));
  }

  private static long least(Condition condition) {
    if (condition instanceof Condition.Exactly exactly) {
      return exactly.number();
    }
    return condition instanceof Condition.AtLeast atLeast ? atLeast.number() : Long.MIN_VALUE;
  }

  private static long most(Condition condition) {
    if (condition instanceof Condition.Exactly exactly) {
      return exactly.number();
    }
    return condition instanceof Condition.AtMost atMost ? atMost.number() : Long.MAX_VALUE;
  }
}
