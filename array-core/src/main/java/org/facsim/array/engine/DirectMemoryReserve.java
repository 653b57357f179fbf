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

  /**
   * Books direct memory for something that is neither an array nor an answer to a client, so that
   * arrays leave it and the reserve stays whole.
   *
   * @return false, with nothing booked, if arrays have that memory already
   */
  public static boolean tryBook(long bytes) {
    return SlabBudget.shared().tryBook(bytes);
  }

  /** Gives back what was booked, once it is not used any more. */
  public static void giveBack(long bytes) {
    SlabBudget.shared().giveBackBooked(bytes);
  }
}
