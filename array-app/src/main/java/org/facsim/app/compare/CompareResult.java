/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.List;
import java.util.Map;
import org.facsim.services.access.NfsVersion;

/**
 * What came of the histories of one version.
 *
 * @param calls that both servers answered
 * @param failures the histories that ended with a difference that nothing allows
 * @param allowed how often each allowed difference was met, by its id
 * @param skipped why nothing was played; empty if something was
 */
record CompareResult(
    NfsVersion version,
    int histories,
    long calls,
    List<Failure> failures,
    Map<String, Integer> allowed,
    String skipped) {
  /**
   * A history that ended with differences.
   *
   * @param seed of the whole history
   * @param history shortened
   */
  record Failure(long seed, List<Step> history, List<Difference> differences) {}

  boolean isSame() {
    return failures.isEmpty();
  }
}
