/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatuses;

/**
 * What the doors can be asked and can answer, by name: what rules are checked against. Thread-safe.
 */
public final class DoorVocabulary {
  private final DoorStatuses statuses;

  /** Replaced, never changed, under this. */
  private volatile Map<Door, List<String>> procedures;

  /**
   * @param procedures of each door that is there, as calls name them
   * @param statuses that they can answer
   */
  public DoorVocabulary(Map<Door, List<String>> procedures, DoorStatuses statuses) {
    this.procedures = Map.copyOf(procedures);
    this.statuses = statuses;
  }

  /**
   * A door has opened. Requests that no rule reaches are left out.
   *
   * @param names of its procedures; over HTTP {@code METHOD /path}, in which {@code *} stands for a
   *     part that differs
   */
  public synchronized void opened(Door door, List<String> names) {
    Map<Door, List<String>> more = new EnumMap<>(procedures);
    more.put(door, names.stream().filter(name -> !RuleIndex.isOutOfReach(door, name)).toList());
    procedures = more;
  }

  /** The procedures of a door; empty if it is not there. */
  List<String> procedures(Door door) {
    return procedures.getOrDefault(door, List.of());
  }

  /** Whether the door is there, and it is known what it can be asked. */
  boolean isKnown(Door door) {
    return procedures.containsKey(door);
  }

  DoorStatuses statuses() {
    return statuses;
  }
}
