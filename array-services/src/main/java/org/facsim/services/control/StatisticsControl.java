/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.function.Supplier;
import org.facsim.array.ArraySpace;
import org.facsim.array.StorageArray;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.OffloadStatistics;

/** Figures of the array and of the calls of clients. Figures of calls only grow within one run. */
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

  /** The calls of clients, by client, program, version and procedure. */
  public List<CallFigures> calls() {
    return calls.get();
  }
}
