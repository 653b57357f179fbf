/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.time.Duration;
import java.util.List;
import org.facsim.services.access.NfsVersion;

/**
 * What is played.
 *
 * @param versions in this order
 * @param seed of the first history; the others follow from it
 * @param histories of each version
 * @param calls in each history
 * @param limit no history of a version begins once this has passed since its first
 * @param strict whether allowed differences fail, too
 */
public record CompareOptions(
    List<NfsVersion> versions,
    long seed,
    int histories,
    int calls,
    Duration limit,
    boolean strict) {
  public CompareOptions {
    versions = List.copyOf(versions);
  }
}
