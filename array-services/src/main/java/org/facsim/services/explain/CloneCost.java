/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.Optional;
import org.facsim.array.NotedSpace;

/**
 * The ledger around a clone, as far as it was known without a walk of a map.
 *
 * @param sourceBefore just before the clone; empty if it never came so far
 * @param sourceAfter right after its contents were put in place
 * @param destinationBefore likewise; empty also if the clone made the file
 * @param destinationAfter likewise
 */
public record CloneCost(
    Optional<NotedSpace> sourceBefore,
    Optional<NotedSpace> sourceAfter,
    Optional<NotedSpace> destinationBefore,
    Optional<NotedSpace> destinationAfter) {}
