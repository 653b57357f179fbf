/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import org.facsim.array.block.memory.SlabBudget;

/**
 * The part of the JVM's direct memory ({@code -XX:MaxDirectMemorySize}) that arrays leave to others
 * of this process: to those who answer their clients. Who lets clients in bounds what they hold by
 * it.
 */
public final class DirectMemoryReserve {
  private DirectMemoryReserve() {}

  /** At least 32 MiB, unless that is more than half of all. */
  public static long bytes() {
    return SlabBudget.reserveBytes(SlabBudget.limitOfThisProcess());
  }
}
