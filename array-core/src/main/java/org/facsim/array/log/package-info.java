/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The seam of durability: transaction groups, the batch of metadata that each of them is, and what
 * has to be there for an array to outlive its process. A directory of files stands behind it
 * ({@code log.file}).
 *
 * <p>May see the JDK, slf4j and the array's errors; nothing of files, volumes or blocks.
 */
package org.facsim.array.log;
