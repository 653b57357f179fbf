/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

/**
 * Calls for those who follow the journal.
 *
 * @param page the calls; behind its {@code nextAfter} nobody misses one
 * @param hasMore whether the look ended because of its bounds, so that more may be there already
 */
public record FollowedCalls(JournalPage page, boolean hasMore) {}
