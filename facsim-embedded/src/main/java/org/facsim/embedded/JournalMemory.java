/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import org.facsim.array.engine.DirectMemoryReserve;
import org.facsim.services.journal.Journal;

/** The journal's memory: arrays leave it, and it is not what clients are answered with. */
final class JournalMemory implements Journal.MemoryBooking {
  @Override
  public boolean tryTake(long bytes) {
    return DirectMemoryReserve.tryBook(bytes);
  }

  @Override
  public void giveBack(long bytes) {
    DirectMemoryReserve.giveBack(bytes);
  }
}
