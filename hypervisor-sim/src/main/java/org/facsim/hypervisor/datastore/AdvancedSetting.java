/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The advanced settings of a host that have an effect here, under the names of the field. All are
 * whole numbers. Names, defaults and what they mean follow public documentation; bounds that are
 * not documented are chosen here.
 */
public enum AdvancedSetting {
  MAX_VOLUMES("/NFS/MaxVolumes", 8, 8, 256, "NFS volumes that may be mounted"),
  MAX_CONNECTIONS_PER_DATASTORE(
      "/NFS/MaxConnectionsPerDatastore", 4, 1, 8, "TCP connections that a datastore may have"),
  HEARTBEAT_FREQUENCY(
      "/NFS/HeartbeatFrequency", 12, 1, 120, "seconds between two looks at each NFS volume"),
  HEARTBEAT_TIMEOUT(
      "/NFS/HeartbeatTimeout", 5, 1, 30, "seconds after which a heartbeat has failed"),
  HEARTBEAT_MAX_FAILURES(
      "/NFS/HeartbeatMaxFailures",
      10,
      1,
      100,
      "failed heartbeats in a row before one more makes the volume unavailable"),
  HEARTBEAT_DELTA(
      "/NFS/HeartbeatDelta",
      5,
      1,
      120,
      "seconds after an answer of the server in which no heartbeat is sent"),
  DISK_FILE_LOCK_UPDATE_FREQ(
      "/NFS/DiskFileLockUpdateFreq", 10, 1, 100, "seconds between two updates of a lock file"),
  LOCK_UPDATE_TIMEOUT(
      "/NFS/LockUpdateTimeout", 5, 1, 30, "seconds after which the update of a lock has failed"),
  LOCK_RENEW_MAX_FAILURE_NUMBER(
      "/NFS/LockRenewMaxFailureNumber",
      3,
      1,
      100,
      "updates of a lock that must fail before the lock is stale"),
  VOLUME_REMOUNT_FREQUENCY(
      "/NFS/VolumeRemountFrequency",
      30,
      5,
      60,
      "seconds between two attempts to mount a volume again whose export is gone"),
  APD_HANDLING_ENABLE(
      "/Misc/APDHandlingEnable", 1, 0, 1, "whether the APD timer runs when all paths are down"),
  APD_TIMEOUT(
      "/Misc/APDTimeout",
      140,
      20,
      99_999,
      "seconds in All Paths Down after which I/O that is not of a VM fails at once"),
  UNMAP_ENABLED("/NFS/UnmapEnabled", 0, 0, 1, "whether the host sends UNMAP for TRIM of guests"),
  UNMAP_BATCH_WINDOW_TIMEOUT_MS(
      "/NFS/UnmapBatchWindowTimeoutMs",
      5,
      2,
      100,
      "milliseconds for which ranges are collected for one UNMAP"),
  UNMAP_MAX_QUEUE_DEPTH(
      "/NFS/UnmapMaxQueueDepth", 32, 1, 256, "UNMAP requests that may wait for a volume"),
  UNMAP_MAX_THREADS("/NFS/UnmapMaxThreads", 16, 1, 128, "UNMAP requests under way at once");

  private final String path;
  private final long defaultValue;
  private final long minValue;
  private final long maxValue;
  private final String description;

  AdvancedSetting(
      String path, long defaultValue, long minValue, long maxValue, String description) {
    this.path = path;
    this.defaultValue = defaultValue;
    this.minValue = minValue;
    this.maxValue = maxValue;
    this.description = description;
  }

  /** The name of the field, such as {@code /NFS/MaxVolumes}. */
  public String path() {
    return path;
  }

  /** As {@code esxcli system settings advanced list} prints it. */
  public String type() {
    return "integer";
  }

  public long defaultValue() {
    return defaultValue;
  }

  /** The smallest value allowed. */
  public long minValue() {
    return minValue;
  }

  /** The largest value allowed. */
  public long maxValue() {
    return maxValue;
  }

  public String description() {
    return description;
  }

  /**
   * Checks a value.
   *
   * @throws IllegalArgumentException if it is out of bounds, with what is allowed
   */
  long checked(long value) {
    if (value < minValue || value > maxValue) {
      throw new IllegalArgumentException(
          "%s %d is out of bounds; allowed: %d to %d".formatted(path, value, minValue, maxValue));
    }
    return value;
  }

  /**
   * The setting of a name; upper and lower case are the same.
   *
   * @throws IllegalArgumentException if there is none, with the names that there are
   */
  public static AdvancedSetting of(String name) {
    Optional<AdvancedSetting> found =
        Arrays.stream(values()).filter(each -> each.path.equalsIgnoreCase(name)).findFirst();
    return found.orElseThrow(
        () ->
            new IllegalArgumentException(
                "no advanced setting %s; there are: %s"
                    .formatted(
                        name,
                        Arrays.stream(values())
                            .map(AdvancedSetting::path)
                            .sorted()
                            .collect(Collectors.joining(", ")))));
  }
}
