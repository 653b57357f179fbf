/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import org.facsim.array.block.memory.SlabBudget;

/**
 * The part of the JVM's direct memory ({@code -XX:MaxDirectMemorySize}) that arrays leave to the
 * rest of the process, which needs it to answer clients. Whoever accepts clients bounds what they
 * hold by it.
 */
public final class DirectMemoryReserve {
  private DirectMemoryReserve() {}

  /** At least 32 MiB, but not more than half of all direct memory. */
  public static long bytes() {
    return SlabBudget.reserveBytes(SlabBudget.limitOfThisProcess());
  }
}
