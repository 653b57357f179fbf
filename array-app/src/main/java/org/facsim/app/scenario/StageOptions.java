/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.time.HostTime;

/**
 * How a site is built.
 *
 * @param seed of handles, contents of disks and whatever else looks like chance
 * @param time of hosts and arrays
 * @param journalCalls how many calls each array's journal keeps; 0 for none
 * @param dataRoot where durable arrays have their directories; empty if there may be none
 * @param policy how hosts decide who copies; a test supplies a wrong one on purpose
 */
public record StageOptions(
    long seed,
    HostTime time,
    int journalCalls,
    Optional<Path> dataRoot,
    CloneOffloadPolicy policy) {
  public StageOptions {
    Objects.requireNonNull(time);
    Objects.requireNonNull(dataRoot);
    Objects.requireNonNull(policy);
  }
}
