/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatuses;

/**
 * What the doors can be asked and can answer, by name: what rules are checked against. Immutable.
 */
public final class DoorVocabulary {
  private final Map<Door, List<String>> procedures;
  private final DoorStatuses statuses;

  /**
   * @param procedures of each door that is there, as calls name them; over HTTP {@code METHOD
   *     /path}, in which {@code *} stands for a part that differs
   * @param statuses that they can answer
   */
  public DoorVocabulary(Map<Door, List<String>> procedures, DoorStatuses statuses) {
    this.procedures = new EnumMap<>(Door.class);
    procedures.forEach((door, names) -> this.procedures.put(door, List.copyOf(names)));
    this.statuses = statuses;
  }

  /** The procedures of a door; empty if it is not there. */
  List<String> procedures(Door door) {
    return procedures.getOrDefault(door, List.of());
  }

  /**
   * Whether it is known what calls of the door can be named: not of programs that are not served.
   */
  boolean isKnown(Door door) {
    return procedures.containsKey(door);
  }

  DoorStatuses statuses() {
    return statuses;
  }

  /** The same, with procedures of a door that opened later. */
  public DoorVocabulary with(Door door, List<String> names) {
    Map<Door, List<String>> more = new EnumMap<>(procedures);
    more.put(door, names);
    return new DoorVocabulary(more, statuses);
  }
}
