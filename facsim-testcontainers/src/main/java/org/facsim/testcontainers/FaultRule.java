/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.testcontainers;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which calls are to meet which fault, in the words of {@code docs/faults.md}. A rule without a
 * condition is for all calls of all doors but HTTP. Each method returns a new rule.
 *
 * <pre>{@code
 * FaultRule.on("nfs").procedure("WRITE").nth(3).status("JUKEBOX")
 * }</pre>
 *
 * <p>The array checks a rule when it is added; {@link #match}, {@link #act} and {@link #limit} say
 * anything that the array knows and that has no method here.
 */
public final class FaultRule {
  private final Map<String, Object> match;
  private final Map<String, Object> act;
  private final Map<String, Object> limits;

  private FaultRule(
      Map<String, Object> match, Map<String, Object> act, Map<String, Object> limits) {
    this.match = match;
    this.act = act;
    this.limits = limits;
  }

  /** A rule for calls of these doors, such as {@code nfs}; of all doors but HTTP without one. */
  public static FaultRule on(String... doors) {
    FaultRule any = new FaultRule(Map.of(), Map.of(), Map.of());
    return doors.length == 0 ? any : any.match("doors", List.of(doors));
  }

  /** Only calls of these procedures, as the door calls them. */
  public FaultRule procedure(String... procedures) {
    return match("procedures", List.of(procedures));
  }

  /** Only calls about this path, a glob such as {@code /datastore1/**}. */
  public FaultRule path(String glob) {
    return match("path", glob);
  }

  /** Only calls of this client: an address or a range. */
  public FaultRule client(String addressOrRange) {
    return match("client", addressOrRange);
  }

  /** Only the nth call that matches, from 1. */
  public FaultRule nth(long nth) {
    return limit("nth", nth);
  }

  /** Every nth call that matches, from 1. */
  public FaultRule every(long nth) {
    return limit("every", nth);
  }

  /** So many calls at most. */
  public FaultRule atMost(long count) {
    return limit("count", count);
  }

  /** The call is not performed and is answered so: any status of the door. */
  public FaultRule status(String name) {
    return act("status", name);
  }

  /** The reply comes so late, to the millisecond. */
  public FaultRule delay(Duration delay) {
    return act("delay", delay.toMillis() + "ms");
  }

  /** The call is performed, and its reply is lost. */
  public FaultRule executedButLost() {
    return act("executedButLost", true);
  }

  /** The call is neither performed nor answered. */
  public FaultRule noAnswer() {
    return act("noAnswer", true);
  }

  /** The connection is reset. */
  public FaultRule reset() {
    return act("reset", true);
  }

  /** Any condition, by its name in JSON. */
  public FaultRule match(String field, Object value) {
    return new FaultRule(with(match, field, value), act, limits);
  }

  /** Any action, by its name in JSON. */
  public FaultRule act(String field, Object value) {
    return new FaultRule(match, with(act, field, value), limits);
  }

  /** Any limit, by its name in JSON. */
  public FaultRule limit(String field, Object value) {
    return new FaultRule(match, act, with(limits, field, value));
  }

  Map<String, Object> asJson() {
    return Map.of("match", match, "act", act, "limits", limits);
  }

  private static Map<String, Object> with(Map<String, Object> map, String field, Object value) {
    Map<String, Object> copy = new LinkedHashMap<>(map);
    copy.put(field, value);
    return copy;
  }
}
