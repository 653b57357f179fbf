/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * How an array behaves toward hosts that offload, as data: vendors differ, and their documents say
 * how. {@link NamedProfiles} has those that ship; {@link ProfileField} names the fields for files
 * and people.
 *
 * @param name for people and commands
 * @param description one line
 * @param availability whether the array offloads at all at present
 * @param fullClone what a full file clone within a volume does
 * @param fastClone whether fast (lazy) file clones work
 * @param acrossVolumes what a full clone from another volume of the array does
 * @param copyBytesPerSecond how fast one job copies or zeroes inside the array; 0 = no limit
 * @param thickDestinations hole punching is off: what a full clone leaves is mapped throughout
 * @param cloningSnapshots a sharing clone comes from a snapshot that is kept until its last clone
 *     is gone
 * @param maxCloneDepth fast clones of fast clones, counted along their cloning snapshots; 0 = no
 *     limit
 * @param maxConcurrentClones jobs at a time on a volume; 0 = no limit
 * @param maxQueuedClones jobs beyond these that wait for their turn
 * @param whenBusy what a job beyond both is told
 * @param reserveSpace what a reservation does
 * @param extendedStatistics what a host is told about a file's space
 * @param dialects those that the volume is offloaded in
 */
public record ArrayProfile(
    String name,
    String description,
    Availability availability,
    FullClone fullClone,
    boolean fastClone,
    AcrossVolumes acrossVolumes,
    long copyBytesPerSecond,
    boolean thickDestinations,
    boolean cloningSnapshots,
    int maxCloneDepth,
    int maxConcurrentClones,
    int maxQueuedClones,
    WhenBusy whenBusy,
    Reserve reserveSpace,
    Statistics extendedStatistics,
    Set<Dialect> dialects) {

  /** The highest rate that can be set, 1 TiB/s. */
  public static final long MAX_COPY_BYTES_PER_SECOND = 1L << 40;

  /** The highest depth that can be set. */
  public static final int MAX_DEPTH = 64;

  /** The most jobs that can be allowed, or made to wait. */
  public static final int MAX_CLONES = 1024;

  /** Whether the array offloads at all at present. */
  public enum Availability {
    AVAILABLE,
    /** One controller takes over from another: nothing is supported, calls are answered BUSY. */
    TAKEOVER,
    /** Switched off for the export: nothing is supported, calls are answered NOTSUPP. */
    OFF
  }

  /** What a full file clone within a volume does. */
  public enum FullClone {
    /** Shares the source's blocks: at once, and for no space. */
    SHARE,
    /** Copies inside the array: takes time and space. */
    COPY,
    UNSUPPORTED
  }

  /** What a full file clone from another volume does. */
  public enum AcrossVolumes {
    COPY,
    UNSUPPORTED
  }

  /** What a clone beyond the limits is told. */
  public enum WhenBusy {
    BUSY,
    TOO_MANY_CLONES
  }

  /** What a reservation does. */
  public enum Reserve {
    SUPPORTED,
    /** The host is told OK and the file stays thin. */
    IGNORED,
    UNSUPPORTED
  }

  /** What a host is told about a file's space. */
  public enum Statistics {
    EXACT,
    /** Allocated is net of what is shared, and so disagrees with what NFS says. */
    NET,
    UNSUPPORTED
  }

  public ArrayProfile {
    Objects.requireNonNull(name);
    Objects.requireNonNull(description);
    Objects.requireNonNull(availability);
    Objects.requireNonNull(fullClone);
    Objects.requireNonNull(acrossVolumes);
    Objects.requireNonNull(whenBusy);
    Objects.requireNonNull(reserveSpace);
    Objects.requireNonNull(extendedStatistics);
    dialects = dialects.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(dialects));
    requireRange("copy-bytes-per-second", copyBytesPerSecond, MAX_COPY_BYTES_PER_SECOND);
    requireRange("max-clone-depth", maxCloneDepth, MAX_DEPTH);
    requireRange("max-concurrent-clones", maxConcurrentClones, MAX_CLONES);
    requireRange("max-queued-clones", maxQueuedClones, MAX_CLONES);
    if (maxCloneDepth > 0 && !cloningSnapshots) {
      throw new IllegalArgumentException(
          "max-clone-depth: "
              + maxCloneDepth
              + " counts cloning snapshots; allowed: 0, or cloning-snapshots: true beside it");
    }
    if (maxQueuedClones > 0 && maxConcurrentClones == 0) {
      throw new IllegalArgumentException(
          "max-queued-clones: "
              + maxQueuedClones
              + " wait for nothing; allowed: 0, or a max-concurrent-clones beside it");
    }
  }

  private static void requireRange(String key, long value, long highest) {
    if (value < 0 || value > highest) {
      throw new IllegalArgumentException(key + ": " + value + "; allowed: 0 to " + highest);
    }
  }

  /** Whether any clone works at present. */
  boolean isAvailable() {
    return availability == Availability.AVAILABLE;
  }

  /** Starts another profile that is like this one. */
  public ProfileDraft draft() {
    return new ProfileDraft(this);
  }
}
