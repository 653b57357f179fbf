/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.Optional;
import org.facsim.array.FileSpace;

/**
 * The ledger around a clone.
 *
 * @param sourceBefore just before the clone; empty if it never came so far
 * @param sourceAfter right after its contents were put in place
 * @param destinationBefore likewise; empty also if the clone made the file
 * @param destinationAfter likewise
 */
public record CloneCost(
    Optional<FileSpace> sourceBefore,
    Optional<FileSpace> sourceAfter,
    Optional<FileSpace> destinationBefore,
    Optional<FileSpace> destinationAfter) {}
