/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.facsim.services.calls.Door;

/** Refuses filters that no call could meet, and says what one could. */
final class FilterCheck {
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
    return named.isEmpty() ? List.of(Door.values()) : List.of(named.get(0));
  }

  private static void requireProcedure(String wanted, List<Door> doors, CallNames names) {
    // HTTP: method and path
    boolean isHttps = doors.contains(Door.HTTP) && wanted.indexOf(' ') > 0;
    if (isHttps || wanted.matches("\\d+")) {
      return;
    }
    List<String> allowed = new ArrayList<>();
    for (Door door : doors) {
      List<String> known = names.procedures(door);
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
            + "'; allowed: "
            + (allowed.isEmpty() ? "a method and a path, for example GET /metrics" : "")
            + String.join("; ", allowed));
  }

  private static void requireStatus(String wanted, List<Door> doors, CallNames names) {
    List<String> allowed = new ArrayList<>();
    for (Door door : doors) {
      List<String> known = names.statuses(door);
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
        "status '" + wanted + "'; allowed: a number, or " + String.join("; ", allowed));
  }
}
