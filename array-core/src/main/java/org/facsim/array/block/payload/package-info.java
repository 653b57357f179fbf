/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Bytes of blocks that are not one repeated word, in slots of 4 KiB: in direct memory ({@code
 * PayloadArena}) or in a file ({@code FilePayload}). Takes slots and bytes and knows neither files
 * nor writes.
 *
 * <p>May see {@code block.table}, {@code block.memory}, {@code log} and the array's errors.
 */
package org.facsim.array.block.payload;
