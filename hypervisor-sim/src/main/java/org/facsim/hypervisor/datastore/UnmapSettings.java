/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;

/**
 * The advanced settings of UNMAP over NFSv3, as ESXi 9.0 has them.
 *
 * @param isEnabled {@code /NFS/UnmapEnabled}
 * @param batchWindow {@code /NFS/UnmapBatchWindowTimeoutMs}: how long ranges of one file are
 *     collected, 2 to 100 ms
 * @param maxQueueDepth {@code /NFS/UnmapMaxQueueDepth}: how many UNMAPs of a datastore may wait
 * @param maxThreads {@code /NFS/UnmapMaxThreads}: how many UNMAPs of a datastore may be under way
 */
record UnmapSettings(boolean isEnabled, Duration batchWindow, int maxQueueDepth, int maxThreads) {
  /** Off, 5 ms, 32 and 16. */
  static final UnmapSettings DEFAULT = new UnmapSettings(false, Duration.ofMillis(5), 32, 16);

  /** As a host has them now. */
  static UnmapSettings of(AdvancedSettings settings) {
    return new UnmapSettings(
        settings.get(AdvancedSetting.UNMAP_ENABLED) != 0,
        Duration.ofMillis(settings.get(AdvancedSetting.UNMAP_BATCH_WINDOW_TIMEOUT_MS)),
        (int) settings.get(AdvancedSetting.UNMAP_MAX_QUEUE_DEPTH),
        (int) settings.get(AdvancedSetting.UNMAP_MAX_THREADS));
  }

  UnmapSettings enabled() {
    return new UnmapSettings(true, batchWindow, maxQueueDepth, maxThreads);
  }
}
