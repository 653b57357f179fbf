/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.testcontainers.shaded.com.fasterxml.jackson.databind.JsonNode;

/**
 * The journal of an array in a container: what went over the wire. It keeps nothing unless {@link
 * FacsimContainer#withJournal} or {@link #keep} says how much.
 */
public final class RemoteJournal {
  private static final String CALLS = "/api/v1/journal/calls";

  private final HttpDoor door;

  RemoteJournal(HttpDoor door) {
    this.door = door;
  }

  /**
   * The latest calls that meet all conditions, the oldest first, at most 1000.
   *
   * @throws RefusedException for a condition that no call can ever meet
   */
  public List<RecordedCall> latest(CallFilter filter) {
    List<RecordedCall> calls = new ArrayList<>();
    door.get(CALLS, filter.conditions())
        .path("items")
        .forEach(call -> calls.add(RecordedCall.of(call)));
    return calls;
  }

  /** Expects exactly so many of these calls. */
  public void verifyExactly(long count, CallFilter filter) {
    verify(filter, "exactly", count);
  }

  /** Expects so many of these calls, or more. */
  public void verifyAtLeast(long count, CallFilter filter) {
    verify(filter, "atLeast", count);
  }

  /** Expects so many of these calls, or fewer. */
  public void verifyAtMost(long count, CallFilter filter) {
    verify(filter, "atMost", count);
  }

  /** Expects the first calls of these kinds to have come one after the other. */
  public void verifyInOrder(CallFilter... kinds) {
    List<Map<String, Object>> each = new ArrayList<>();
    for (CallFilter kind : kinds) {
      each.add(kind.conditions());
    }
    verify(Map.of("inOrder", each));
  }

  /** Forgets all calls. */
  public void clear() {
    door.delete(CALLS);
  }

  /** Keeps so many of the latest calls from now on, 100 to 2,000,000; 0 for none. */
  public void keep(int calls) {
    door.put("/api/v1/journal", Map.of("entries", calls));
  }

  private void verify(CallFilter filter, String relation, long count) {
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("calls", filter.conditions());
    asked.put(relation, count);
    verify(asked);
  }

  /** The journal never says that something holds if calls that are missing could change that. */
  private void verify(Map<String, ?> asked) {
    JsonNode verdict = door.post("/api/v1/journal/verifications", asked);
    if (!verdict.path("holds").asBoolean()) {
      throw new AssertionError(verdict.path("explanation").asText());
    }
  }
}
