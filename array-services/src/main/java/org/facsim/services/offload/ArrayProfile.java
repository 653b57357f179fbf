/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.facsim.array.Volume;

/**
 * How an array behaves toward hosts that offload, as data, because vendors differ and document how.
 * {@link NamedProfiles} has the profiles that ship with the program. {@link ProfileField} names the
 * fields for files and people.
 *
 * @param name the name by which people and commands know it
 * @param description what it stands for, in one line
 * @param availability whether the array offloads at all now
 * @param fullClone what a full file clone within a volume does
 * @param fastClone whether fast (lazy) file clones work
 * @param acrossVolumes what a full clone from another volume of the array does
 * @param copyBytesPerSecond how fast one job copies or zeroes inside the array; 0 = no limit
 * @param thickDestinations whether a full clone leaves no holes, as an array does that does not
 *     punch holes
 * @param cloningSnapshots whether a sharing clone is made from a snapshot, which is kept until its
 *     last clone is gone
 * @param maxCloneDepth how many fast clones in a row may be made of each other, counted along their
 *     cloning snapshots; 0 = no limit
 * @param maxConcurrentClones how many jobs may run at a time on a volume; 0 = no limit
 * @param maxQueuedClones how many more jobs may wait for their turn
 * @param whenBusy what the host is told if there is room for neither
 * @param reserveSpace what a reservation does
 * @param extendedStatistics what a host is told about a file's space
 * @param unmap what an UNMAP does
 * @param unmapGranularityBytes the unit of unmapping, a power of two
 * @param node the number of the node to which the volume belongs
 * @param acrossNodes what a full clone from a volume of another node does
 * @param dialects the dialects in which the volume is offloaded
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
    Unmap unmap,
    long unmapGranularityBytes,
    int node,
    AcrossNodes acrossNodes,
    Set<Dialect> dialects) {

  /** The highest rate that can be set, 1 TiB/s. */
  public static final long MAX_COPY_BYTES_PER_SECOND = 1L << 40;

  /** The highest depth that can be set. */
  public static final int MAX_DEPTH = 64;

  /** The greatest number of jobs that can be allowed to run, or to wait. */
  public static final int MAX_CLONES = 1024;

  /** The smallest unit of unmapping, the array's block. */
  public static final long MIN_UNMAP_GRANULARITY_BYTES = Volume.BLOCK_BYTES;

  /** The greatest unit of unmapping that can be set. */
  public static final long MAX_UNMAP_GRANULARITY_BYTES = 64L << 20;

  /** The greatest number of a node. */
  public static final int MAX_NODE = 64;

  /** Whether the array offloads at all now. */
  public enum Availability {
    AVAILABLE,
    /**
     * One controller takes over from another. Nothing is supported, and calls are answered BUSY.
     */
    TAKEOVER,
    /** The volume moves to other disks or to another node; the host is told as for a takeover. */
    VOLUME_MOVE,
    /** The address that hosts use moves to another node; the host is told as for a takeover. */
    ADDRESS_MOVE,
    /**
     * Offloading is switched off for the export. Nothing is supported, and calls are answered
     * NOTSUPP.
     */
    OFF
  }

  /** What a full file clone within a volume does. */
  public enum FullClone {
    /** Shares the source's blocks, which takes no time and no space. */
    SHARE,
    /** Copies inside the array, which takes time and space. */
    COPY,
    UNSUPPORTED
  }

  /** What a full file clone from another volume does. */
  public enum AcrossVolumes {
    COPY,
    UNSUPPORTED
  }

  /** What a full file clone from a volume of another node does. */
  public enum AcrossNodes {
    /** What a clone from another volume does. */
    AS_VOLUMES,
    /** Copies every byte, holes included: the clone is as thick as its source is long. */
    COPY_ALL,
    UNSUPPORTED
  }

  /** What an UNMAP does. */
  public enum Unmap {
    SUPPORTED,
    /** The host is told OK and nothing comes back. */
    IGNORED,
    UNSUPPORTED
  }

  /** What a host is told whose clone exceeds the limits. */
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
    /** The allocated bytes leave out what is shared, and therefore differ from what NFS says. */
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
    Objects.requireNonNull(unmap);
    Objects.requireNonNull(acrossNodes);
    dialects = dialects.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(dialects));
    requireRange("copy-bytes-per-second", copyBytesPerSecond, MAX_COPY_BYTES_PER_SECOND);
    requireRange("max-clone-depth", maxCloneDepth, MAX_DEPTH);
    requireRange("max-concurrent-clones", maxConcurrentClones, MAX_CLONES);
    requireRange("max-queued-clones", maxQueuedClones, MAX_CLONES);
    if (unmapGranularityBytes < MIN_UNMAP_GRANULARITY_BYTES
        || unmapGranularityBytes > MAX_UNMAP_GRANULARITY_BYTES
        || Long.bitCount(unmapGranularityBytes) != 1) {
      throw new IllegalArgumentException(
          "unmap-granularity-bytes: "
              + unmapGranularityBytes
              + "; allowed: powers of two from "
              + MIN_UNMAP_GRANULARITY_BYTES
              + " to "
              + MAX_UNMAP_GRANULARITY_BYTES);
    }
    if (node < 1 || node > MAX_NODE) {
      throw new IllegalArgumentException("node: " + node + "; allowed: 1 to " + MAX_NODE);
    }
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

  /** Whether any kind of clone works now. */
  boolean isAvailable() {
    return availability == Availability.AVAILABLE;
  }

  /** Starts a draft of another profile, with the fields of this one. */
  public ProfileDraft draft() {
    return new ProfileDraft(this);
  }
}
