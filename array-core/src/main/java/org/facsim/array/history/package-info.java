/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What was before: the snapshots of a volume, the deltas that a volume keeps for named states, and
 * the tree of these states. Start reading at {@code Delta}.
 *
 * <p>May see the array's API, {@code inode}, {@code block} and its parts; not {@code volume}.
 */
package org.facsim.array.history;
