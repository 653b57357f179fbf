/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.services.calls.Door;

/**
 * The rules by door and procedure. What concerns calls of one procedure is gathered when the first
 * of them comes, so that to add a rule costs nothing for each procedure, and calls that no rule can
 * match cost one look-up. Immutable to the outside; replaced with each change of the rules.
 */
final class RuleIndex {
  static final RuleIndex EMPTY = new RuleIndex(List.of());

  /** Procedures of one door that are remembered; requests over HTTP may have any path. */
  private static final int MAX_PROCEDURES = 1024;

  /** Requests with which the rules themselves are managed: no rule reaches them. */
  private static final String MANAGEMENT = " /api/v1/fault";

  private final List<InstalledRule> rules;
  private final Map<Door, Map<String, OfProcedure>> doors = new EnumMap<>(Door.class);

  /**
   * Whom calls of a procedure concern.
   *
   * @param atArrival who hears of them when they arrive
   * @param atOperation who does at the operation point
   */
  record OfProcedure(Candidates atArrival, Candidates atOperation) {
    private static final OfProcedure NONE = new OfProcedure(Candidates.NONE, Candidates.NONE);

    boolean isEmpty() {
      return atArrival.isEmpty() && atOperation.isEmpty();
    }
  }

  RuleIndex(List<InstalledRule> rules) {
    this.rules = List.copyOf(rules);
    for (Door door : Door.values()) {
      doors.put(door, new ConcurrentHashMap<>());
    }
  }

  List<InstalledRule> rules() {
    return rules;
  }

  OfProcedure of(Door door, String procedure) {
    Map<String, OfProcedure> known = doors.get(door);
    OfProcedure concerned = known.get(procedure);
    if (concerned == null) {
      concerned = find(door, procedure);
      if (known.size() >= MAX_PROCEDURES) {
        known.clear();
      }
      known.put(procedure, concerned);
    }
    return concerned;
  }

  static boolean isOutOfReach(Door door, String procedure) {
    return door == Door.HTTP && procedure.contains(MANAGEMENT);
  }

  /** The rules first, so that a call does not count as having come before itself. */
  private OfProcedure find(Door door, String procedure) {
    if (isOutOfReach(door, procedure)) {
      return OfProcedure.NONE;
    }
    List<CallListener> atArrival = new ArrayList<>();
    List<CallListener> atOperation = new ArrayList<>();
    for (InstalledRule rule : rules) {
      add(rule, door, procedure, atArrival, atOperation);
    }
    for (InstalledRule rule : rules) {
      if (rule.before() != null) {
        add(rule.before(), door, procedure, atArrival, atOperation);
      }
    }
    return atArrival.isEmpty() && atOperation.isEmpty()
        ? OfProcedure.NONE
        : new OfProcedure(candidates(atArrival), candidates(atOperation));
  }

  private static void add(
      CallListener listener,
      Door door,
      String procedure,
      List<CallListener> atArrival,
      List<CallListener> atOperation) {
    if (listener.mayConcern(door, procedure)) {
      (listener.isAtOperation() ? atOperation : atArrival).add(listener);
    }
  }

  private static Candidates candidates(List<CallListener> listeners) {
    return listeners.isEmpty() ? Candidates.NONE : new Candidates(listeners);
  }
}
