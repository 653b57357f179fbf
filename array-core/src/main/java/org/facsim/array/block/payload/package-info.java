/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Bytes of blocks that are not one repeated word, in slots of 4 KiB: in direct memory ({@link
 * org.facsim.array.block.payload.PayloadArena}) or in a file ({@link
 * org.facsim.array.block.payload.FilePayload}). Both are a {@link
 * org.facsim.array.block.payload.Payload}, which takes slots and bytes and knows neither files nor
 * writes.
 *
 * <p>A slot is filled before it is linked, and is not changed while it is linked, except in memory
 * by {@link org.facsim.array.block.payload.Payload#beginOverwrite}. In a file, a slot that left the
 * tables is used again only when the group that freed it is durable and no reader can see it
 * ({@link org.facsim.array.block.payload.FileSlots}), and every read of a whole slot checks its
 * checksum. In memory, a reader may pin slots ({@link org.facsim.array.block.payload.PinnedBytes}),
 * which keeps them from being used again.
 *
 * <p>Everything is thread-safe, except what its description says a user guards. Errors: NO_SPACE if
 * memory or the disk is full, IO if the disk fails or bytes are damaged.
 *
 * <p>This package may see {@code block.table}, {@code block.memory}, {@code log} and the array's
 * errors.
 */
package org.facsim.array.block.payload;
