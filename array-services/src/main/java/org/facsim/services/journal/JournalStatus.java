/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

/**
 * How a journal is doing.
 *
 * @param entries the most calls that it keeps; 0 if it is off
 * @param firstSequence the number of the first call that it may have
 * @param lastSequence the number of the last call so far
 * @param overwritten calls that later ones took the place of
 * @param unrecorded calls that it has no record of, because there was no memory or no place for
 *     them
 * @param maxBytes the memory that it takes when it is full, all in all
 */
public record JournalStatus(
    int entries,
    long firstSequence,
    long lastSequence,
    long overwritten,
    long unrecorded,
    long maxBytes) {}
