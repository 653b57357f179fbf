/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Something that was found in a run.
 *
 * @param value a number or a word; what is not there is {@code none}, what cannot be known {@code
 *     unknown}, which meets no condition
 * @param evidence what helps to understand it, for people; each a line
 */
record Fact(String value, List<String> evidence) {
  static final String NONE = "none";

  private static final String UNKNOWN = "unknown";

  Fact {
    Objects.requireNonNull(value);
    evidence = List.copyOf(evidence);
  }

  static Fact of(String value) {
    return new Fact(value, List.of());
  }

  static Fact of(long value) {
    return of(Long.toString(value));
  }

  static Fact of(boolean value) {
    return of(Boolean.toString(value));
  }

  static Fact none() {
    return of(NONE);
  }

  static Fact unknown(String why) {
    return new Fact(UNKNOWN, List.of(why));
  }

  /** The same with more evidence. */
  Fact with(List<String> more) {
    List<String> all = new ArrayList<>(evidence);
    all.addAll(more);
    return new Fact(value, all);
  }

  boolean isKnown() {
    return !value.equals(UNKNOWN);
  }

  /** The number; empty if it is none. */
  java.util.OptionalLong number() {
    return value.matches("-?\\d{1,18}")
        ? java.util.OptionalLong.of(Long.parseLong(value))
        : java.util.OptionalLong.empty();
  }
}
