/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The array and the hosts at one moment, as names with values. What is arranged ({@code volume.},
 * {@code vm.}, {@code host.}, {@code lab.}) is compared with the start, and a difference is a
 * change that somebody made. What is measured ({@code space.}, {@code seen.}) changes by itself.
 */
final class Facts {
  private static final List<String> MEASURED = List.of("space.", "seen.");

  private final SortedMap<String, String> valueByName = new TreeMap<>();

  void put(String name, Object value) {
    valueByName.put(name, String.valueOf(value));
  }

  Optional<String> get(String name) {
    return Optional.ofNullable(valueByName.get(name));
  }

  SortedMap<String, String> all() {
    return valueByName;
  }

  /**
   * A difference.
   *
   * @param before null if it was not there
   * @param after null if it is not there any more
   */
  record Change(String name, String before, String after) {
    @Override
    public String toString() {
      return name
          + ": "
          + (before == null ? "(nothing)" : before)
          + " -> "
          + (after == null ? "(gone)" : after);
    }
  }

  /** What is arranged otherwise now than at the start, by name. */
  List<Change> changesSince(Facts start) {
    List<Change> changes = new ArrayList<>();
    SortedSet<String> names = new TreeSet<>(start.valueByName.keySet());
    names.addAll(valueByName.keySet());
    for (String name : names) {
      String before = start.valueByName.get(name);
      String after = valueByName.get(name);
      boolean isMeasured = MEASURED.stream().anyMatch(name::startsWith);
      if (!isMeasured && !java.util.Objects.equals(before, after)) {
        changes.add(new Change(name, before, after));
      }
    }
    return changes;
  }

  /** What is arranged, line by line. */
  List<String> arranged() {
    return valueByName.entrySet().stream()
        .filter(each -> MEASURED.stream().noneMatch(each.getKey()::startsWith))
        .map(each -> each.getKey() + ": " + each.getValue())
        .toList();
  }

  /** The names that a glob matches, for example {@code vm.*.power}; {@code *} is any text. */
  List<Map.Entry<String, String>> matching(String glob) {
    return valueByName.entrySet().stream()
        .filter(entry -> matches(glob, entry.getKey()))
        .map(entry -> Map.entry(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** Whether a text matches a glob, in which {@code *} is any text. */
  static boolean matches(String glob, String text) {
    int star = glob.indexOf('*');
    if (star < 0) {
      return glob.equals(text);
    }
    if (!text.startsWith(glob.substring(0, star))) {
      return false;
    }
    String rest = glob.substring(star + 1);
    if (rest.isEmpty()) {
      return true;
    }
    for (int from = star; from <= text.length(); from++) {
      if (matches(rest, text.substring(from))) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return valueByName.toString();
  }
}
