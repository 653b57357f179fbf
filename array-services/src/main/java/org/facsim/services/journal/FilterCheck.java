/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.services.paths.PathGlob;
import org.facsim.services.units.NearestWord;

/** Refuses filters that no call could meet, and says what one could. */
final class FilterCheck {
  /** Door vaai is VAAI in every dialect. */
  private static final List<Door> DIALECTS = List.of(Door.VAAI, Door.OPENSDS, Door.HTTP);

  private FilterCheck() {}

  /**
   * @throws IllegalArgumentException which says what is allowed
   */
  static void requireMeetable(CallFilter filter, CallNames names) {
    List<Door> doors = doors(filter);
    for (CallFilter.Condition condition : filter.conditions()) {
      switch (condition.field()) {
        case "procedure" -> requireProcedure(condition.wanted(), doors, names);
        case "status" -> requireStatus(condition.wanted(), doors, names);
        default -> {}
      }
    }
  }

  /**
   * Refuses what lies outside of every volume: that no call came there proves nothing.
   *
   * @param volumes that are there
   * @param isKept whether a call is kept that meets a filter: a volume may be gone by now
   * @throws IllegalArgumentException which says what is allowed
   */
  static void requireInside(CallFilter filter, List<String> volumes, Predicate<CallFilter> isKept) {
    List<String> exports = volumes.stream().map(name -> "/" + name).toList();
    for (CallFilter.Condition condition : filter.conditions()) {
      String wanted = condition.wanted();
      boolean isInside =
          switch (condition.field()) {
            case "volume" ->
                volumes.contains(wanted) || isKept.test(CallFilter.calls().volume(wanted));
            case "path" ->
                exports.stream().anyMatch(PathGlob.parse(wanted)::mayBeIn)
                    || isKept.test(CallFilter.calls().path(wanted));
            default -> true;
          };
      if (!isInside) {
        throw new IllegalArgumentException(
            condition.field()
                + " '"
                + wanted
                + "' lies outside of every volume, and no call that is kept was there; allowed: "
                + String.join(", ", condition.field().equals("volume") ? volumes : exports));
      }
    }
  }

  private static List<Door> doors(CallFilter filter) {
    List<Door> named = new ArrayList<>();
    for (CallFilter.Condition condition : filter.conditions()) {
      if (condition.field().equals("door")) {
        named.add(Door.valueOf(condition.wanted()));
      }
    }
    if (named.stream().distinct().count() > 1) {
      throw new IllegalArgumentException("a call comes in at one door, not at " + named);
    }
    if (named.isEmpty()) {
      return List.of(Door.values());
    }
    return named.get(0) == Door.VAAI ? DIALECTS : List.of(named.get(0));
  }

  private static void requireProcedure(String wanted, List<Door> doors, CallNames names) {
    boolean mayBeHttps =
        doors.contains(Door.HTTP)
            && (CallFilter.isRequest(wanted)
                || VaaiCalls.NAMES.contains(wanted.toUpperCase(Locale.ROOT)));
    if (mayBeHttps || wanted.matches("\\d+")) {
      return;
    }
    List<String> allowed = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (Door door : doors) {
      List<String> known = names.procedures(door);
      words.addAll(known);
      if (known.contains(wanted.toUpperCase(Locale.ROOT))) {
        return;
      }
      if (!known.isEmpty()) {
        allowed.add(door + ": " + String.join(", ", known));
      }
    }
    throw new IllegalArgumentException(
        "procedure '"
            + wanted
            + "'"
            + NearestWord.didYouMean(wanted, words)
            + "; allowed: "
            + (allowed.isEmpty() ? "a method and a path, for example GET /metrics" : "")
            + String.join("; ", allowed));
  }

  private static void requireStatus(String wanted, List<Door> doors, CallNames names) {
    List<String> allowed = new ArrayList<>();
    List<String> words = new ArrayList<>();
    for (Door door : doors) {
      List<String> known = names.statuses(door);
      words.addAll(known);
      if (known.isEmpty() || known.contains(wanted.toUpperCase(Locale.ROOT))) {
        if (!known.isEmpty() || wanted.matches("\\d+")) {
          return;
        }
      }
      if (!known.isEmpty()) {
        allowed.add(door + ": " + String.join(", ", known));
      }
    }
    throw new IllegalArgumentException(
        "status '"
            + wanted
            + "'"
            + NearestWord.didYouMean(wanted, words)
            + "; allowed: a number, or "
            + String.join("; ", allowed));
  }
}
