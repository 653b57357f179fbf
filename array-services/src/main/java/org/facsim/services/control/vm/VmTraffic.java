/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.facsim.services.explain.FileTransfers;

/** Turns what clients moved of single files into rates of VMs. Used by one thread at a time. */
final class VmTraffic {
  private static final double SECOND_NANOS = 1e9;

  private final FileTransfers transfers;
  private final LongSupplier nanoTime;
  private Map<Long, FileTransfers.Transferred> before = new HashMap<>();
  private Set<VmFolder> active = new HashSet<>();
  private long lookedNanos;
  private boolean hasLooked;

  VmTraffic(FileTransfers transfers, LongSupplier nanoTime) {
    this.transfers = transfers;
    this.nanoTime = nanoTime;
  }

  /** Sets the rates of all VMs. Returns whether any changed. */
  boolean look(Map<Integer, VolumeScan> scans) {
    long now = nanoTime.getAsLong();
    double seconds = Math.max(1, now - lookedNanos) / SECOND_NANOS;
    Map<Long, FileTransfers.Transferred> counts = new HashMap<>();
    Map<VmFolder, VmRates> rates = new HashMap<>();
    transfers.forEachTransferred(
        moved -> {
          long key = (long) moved.volumeId() << Integer.SIZE ^ moved.fileId();
          counts.put(key, moved);
          FileTransfers.Transferred more = moved.minus(before.get(key));
          VolumeScan scan = scans.get(moved.volumeId());
          if (hasLooked && scan != null && more.reads() + more.writes() > 0) {
            scan.ofFile(moved.fileId())
                .filter(folder -> folder.isVm)
                .ifPresent(
                    folder -> rates.merge(folder, rates(more, seconds, folder), VmRates::plus));
          }
        });
    boolean isDifferent = !rates.isEmpty();
    for (VmFolder folder : active) {
      if (!rates.containsKey(folder)) {
        folder.rates = VmRates.NONE;
        isDifferent = true;
      }
    }
    rates.forEach((folder, rate) -> folder.rates = rate);
    active = new HashSet<>(rates.keySet());
    before = counts;
    lookedNanos = now;
    hasLooked = true;
    return isDifferent;
  }

  /** If no call was timed since, the latency is the one that was known last. */
  private static VmRates rates(FileTransfers.Transferred moved, double seconds, VmFolder folder) {
    return new VmRates(
        moved.reads() / seconds,
        moved.writes() / seconds,
        moved.readBytes() / seconds,
        moved.writtenBytes() / seconds,
        moved.timedCalls() == 0
            ? folder.rates.latencyNanos()
            : (double) moved.timedNanos() / moved.timedCalls());
  }
}
