/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.Instant;
import java.util.Optional;
import org.facsim.services.calls.Door;

/**
 * A rule that is installed, and what it has done so far.
 *
 * @param id by which it is removed
 * @param addedAt when it was installed
 * @param endsAt when its time window ends; empty if it has none
 * @param matched calls, or clone jobs, that matched so far
 * @param hits of these, those that it was applied to
 * @param lastHit empty if there was none
 */
public record RuleStatus(
    long id,
    FaultRule rule,
    Instant addedAt,
    Optional<Instant> endsAt,
    long matched,
    long hits,
    Optional<Hit> lastHit) {
  /**
   * A call that a rule was applied to.
   *
   * @param client its address, and its port if it is known
   * @param path empty if the call names no file
   */
  public record Hit(
      Instant at, String client, Door door, String procedure, Optional<String> path) {}
}
