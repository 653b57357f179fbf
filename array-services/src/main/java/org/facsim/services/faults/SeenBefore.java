/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.LinkedHashMap;
import java.util.Map;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;

/**
 * Remembers for one rule the calls that must have come before those that the rule is for. Bounded:
 * of {@link #MAX_SEEN} clients, connections or files the one that was seen longest ago is
 * forgotten. Thread-safe.
 */
final class SeenBefore implements CallListener {
  static final int MAX_SEEN = 4096;

  private static final Object ANYBODY = "anybody";

  private final Criteria criteria;
  private final FaultMatch.Same same;
  private final boolean isAtOperation;

  /** Guarded by itself. */
  private final Map<Object, Boolean> seen =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Boolean> eldest) {
          return size() > MAX_SEEN;
        }
      };

  /**
   * @param isAtOperation whether the rule, or this, needs what is known at the operation point
   */
  SeenBefore(FaultMatch.After after, boolean isAtOperation) {
    this.criteria = new Criteria(after.match());
    this.same = after.same();
    this.isAtOperation = isAtOperation;
  }

  @Override
  public Criteria criteria() {
    return criteria;
  }

  @Override
  public boolean mayConcern(Door door, String procedure) {
    return criteria.mayMatch(door, procedure);
  }

  @Override
  public boolean isAtOperation() {
    return isAtOperation;
  }

  @Override
  public long hear(CallRecord call) {
    Object key = keyOf(call);
    if (key != null) {
      synchronized (seen) {
        seen.put(key, true);
      }
    }
    return 0;
  }

  /** Files are other objects from now on. */
  void forgetFiles() {
    if (same == FaultMatch.Same.FILE) {
      synchronized (seen) {
        seen.clear();
      }
    }
  }

  /** Whether a call that fits this one has come before. */
  boolean hasSeenFor(CallRecord call) {
    Object key = keyOf(call);
    synchronized (seen) {
      return key != null && seen.get(key) != null;
    }
  }

  private Object keyOf(CallRecord call) {
    return switch (same) {
      case NOTHING -> ANYBODY;
      case CLIENT -> call.client().getAddress();
      case CONNECTION -> call.client();
      case FILE -> call.file().orElse(null);
    };
  }
}
