/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.function.Supplier;
import org.facsim.array.ArraySpace;
import org.facsim.array.StorageArray;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.OffloadStatistics;

/**
 * Figures of the array and of the calls of clients. They belong to the run and not to a named
 * state: a restore changes none of them.
 */
public final class StatisticsControl {
  private final StorageArray storage;
  private final OffloadEngine offload;
  private final Supplier<List<CallFigures>> calls;

  StatisticsControl(
      StorageArray storage, OffloadEngine offload, Supplier<List<CallFigures>> calls) {
    this.storage = storage;
    this.offload = offload;
    this.calls = calls;
  }

  /** The ledger of the array. */
  public ArraySpace space() {
    return storage.space();
  }

  /** What hosts offloaded, by volume and client. */
  public List<OffloadStatistics.Reading> offloads() {
    return offload.statistics().read();
  }

  /** Begins to count at 0 again what hosts offload. The figures of calls go on. */
  public void resetOffloads() {
    offload.statistics().reset();
  }

  /** The calls of clients since the start, by client, program, version and procedure. */
  public List<CallFigures> calls() {
    return calls.get();
  }
}
