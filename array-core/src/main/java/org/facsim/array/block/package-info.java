/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The copy-on-write block store of a volume, put together of its parts: {@code block.map}, {@code
 * block.ledger}, {@code block.payload}, {@code block.table} and {@code block.memory}. Each part
 * sees only those after it.
 *
 * <p>Start reading at {@link org.facsim.array.block.BlockStore}. Then read {@code Ledger} (who
 * holds what, and what it costs), {@code Shadow} (what may be written in place) and {@code Epochs}
 * (how readers do without a lock).
 *
 * <h2>The main types</h2>
 *
 * <ul>
 *   <li>{@link org.facsim.array.block.BlockPool} is what the volumes of an array share, and {@link
 *       org.facsim.array.block.BlockStore} has the blocks of one volume.
 *   <li>A store's operations are grouped: reading and writing in the store itself, {@link
 *       org.facsim.array.block.Holes}, {@link org.facsim.array.block.FileSharing}, {@link
 *       org.facsim.array.block.SpaceReservations}, {@link org.facsim.array.block.HiddenMaps} and
 *       {@link org.facsim.array.block.SpaceFigures}.
 *   <li>{@code StoreGate} is how each operation begins and ends, {@code StoreReclaim} and {@code
 *       Reclaimer} reclaim what was released, and {@code StoreAudit} recounts.
 *   <li>{@link org.facsim.array.block.StoreChanges} is what a durable store puts into a group, and
 *       {@link org.facsim.array.block.StoreLoading} loads it again.
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * <p>One lock for each volume guards all changes. Readers take no lock and never wait. Reclaim
 * works in steps of at most 100 microseconds, and lets go of the lock when somebody wants it.
 *
 * <h2>Errors</h2>
 *
 * <p>NO_SPACE comes before anything is changed, exactly at the limit. A deleted volume answers
 * STALE. A call on a closed store, or without the lock, is a defect.
 *
 * <p>This package may see its parts, {@code log}, the array's errors and the JDK, and none of its
 * parts sees it. It knows no names, no directories and no sizes of files: it maps block numbers of
 * a file to blocks, and counts. Outside array-core only benchmarks may see these packages.
 */
package org.facsim.array.block;
