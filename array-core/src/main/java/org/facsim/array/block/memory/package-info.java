/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What an array takes of the JVM: direct memory in slabs, the budget of heap for metadata, and the
 * epochs by which readers without a lock keep memory from being used again.
 *
 * <p>May see the JDK and the array's errors, and no other package of the array.
 */
package org.facsim.array.block.memory;
