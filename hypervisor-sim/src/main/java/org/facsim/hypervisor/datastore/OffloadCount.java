/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.function.Supplier;

/**
 * Counts what the array was asked to offload, and tells the log of what the host copies instead.
 */
final class OffloadCount {
  private final VaaiCounters counters = new VaaiCounters();
  private final HostSide host;
  private final String label;

  OffloadCount(HostSide host, String label) {
    this.host = host;
    this.label = label;
  }

  VaaiCounters counters() {
    return counters;
  }

  <T> T of(VaaiCounter success, VaaiCounter failure, Supplier<T> call) {
    try {
      T answer = call.get();
      counters.count(success);
      return answer;
    } catch (RuntimeException e) {
      counters.count(failure);
      throw e;
    }
  }

  /**
   * A clone.
   *
   * @param kind for the log, such as {@code Full file clone}
   */
  void clone(
      String kind, VaaiCounter success, VaaiCounter failure, DatastoreFile source, Runnable call) {
    try {
      var unused =
          of(
              success,
              failure,
              () -> {
                call.run();
                return null;
              });
    } catch (OffloadException e) {
      host.log()
          .warn(
              "NFSVAAI",
              1_204,
              "%s of %s on %s failed (%s); falling back to the data mover"
                  .formatted(kind, source.path(), label, e.getMessage()));
      throw e;
    }
  }
}
