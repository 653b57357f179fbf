/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Conditions for calls in the journal; a call must meet all of them. Each method returns a new
 * filter. The conditions are those of {@code docs/journal.md}.
 */
public final class CallFilter {
  private final Map<String, Object> conditions;

  private CallFilter(Map<String, Object> conditions) {
    this.conditions = conditions;
  }

  /** Every call. */
  public static CallFilter calls() {
    return new CallFilter(Map.of());
  }

  /** Calls of this procedure, such as {@code WRITE}. */
  public CallFilter procedure(String name) {
    return with("procedure", name);
  }

  /** Calls about this path, a glob: {@code *} within a name, {@code **} for any names. */
  public CallFilter path(String glob) {
    return with("path", glob);
  }

  /** Calls of this door, such as {@code NFS}. */
  public CallFilter door(String name) {
    return with("door", name);
  }

  /** Calls with this status, by the door's name for it. */
  public CallFilter status(String name) {
    return with("status", name);
  }

  /** Calls of this client, an address or a range. */
  public CallFilter client(String addressOrRange) {
    return with("client", addressOrRange);
  }

  /** Any condition, by its name over HTTP. */
  public CallFilter with(String condition, Object value) {
    Map<String, Object> all = new LinkedHashMap<>(conditions);
    all.put(condition, value);
    return new CallFilter(all);
  }

  Map<String, Object> conditions() {
    return conditions;
  }
}
