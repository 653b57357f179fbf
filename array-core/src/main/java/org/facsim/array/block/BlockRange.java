/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

/**
 * A range of a file's blocks.
 *
 * @param first its first block
 * @param end the first block behind it
 */
public record BlockRange(long first, long end) {}
