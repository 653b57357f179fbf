/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Durability without files: transaction groups, the batch of metadata that each of them is, and
 * what has to be there for an array to outlive its process. A directory of files is behind it
 * ({@code log.file}).
 *
 * <h2>The main types</h2>
 *
 * <ul>
 *   <li>{@link org.facsim.array.log.TransactionGroups} collects mutations in groups, and makes each
 *       group durable as a whole. {@code Committer} is its thread, {@code GroupPipeline} has the
 *       groups that are on their way, and {@code Admission} bounds what waits.
 *   <li>{@link org.facsim.array.log.Group} is one group: a {@link org.facsim.array.log.Batch} of
 *       metadata, and the {@link org.facsim.array.log.GroupPayload} without which the batch means
 *       nothing.
 *   <li>{@link org.facsim.array.log.GroupLog} is the one commit point. {@link
 *       org.facsim.array.log.LocalLog} is the log of one node: it forces payload, then appends the
 *       batch to a {@link org.facsim.array.log.MetadataStore}.
 *   <li>{@link org.facsim.array.log.Home} is the place of a durable array: its metadata, its log
 *       and the {@link org.facsim.array.log.PayloadStore} of each volume.
 * </ul>
 *
 * <h2>Rules</h2>
 *
 * <p>Groups become durable in order. What failed is appended again before anything else is cut.
 * Half a group is never appended. After a defect, nothing becomes durable any more.
 *
 * <h2>Errors</h2>
 *
 * <p>NO_SPACE and IO mean that a group may become durable later: its waiters are told, a new write
 * verifier is drawn, and the group is tried again. Whatever else is thrown is a defect and ends the
 * groups.
 *
 * <h2>Threads</h2>
 *
 * <p>One thread commits at a time. Waiters are told through their own executors. Admission and the
 * number of the open group take no lock, because mutations ask for them.
 *
 * <p>This package may see the JDK, slf4j and the array's errors, and knows neither files nor
 * volumes nor blocks.
 */
package org.facsim.array.log;
