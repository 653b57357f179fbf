/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.facsim.services.offload.ArrayProfile.AcrossNodes;
import org.facsim.services.offload.ArrayProfile.AcrossVolumes;
import org.facsim.services.offload.ArrayProfile.Availability;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.Reserve;
import org.facsim.services.offload.ArrayProfile.Statistics;
import org.facsim.services.offload.ArrayProfile.Unmap;
import org.facsim.services.offload.ArrayProfile.WhenBusy;

/**
 * The profiles that ship with the program. Each mirrors what one vendor documents, because vendors
 * differ.
 */
public final class NamedProfiles {
  private static final long MIB = 1L << 20;

  /** Clones share blocks and all primitives work. A volume behaves like this by default. */
  public static final ArrayProfile SHARING =
      new ArrayProfile(
          "sharing",
          "clones share blocks and take no space; copies across volumes at 1 GiB/s",
          Availability.AVAILABLE,
          FullClone.SHARE,
          true,
          AcrossVolumes.COPY,
          1024 * MIB,
          false,
          false,
          0,
          0,
          0,
          WhenBusy.TOO_MANY_CLONES,
          Reserve.SUPPORTED,
          Statistics.EXACT,
          Unmap.SUPPORTED,
          ArrayProfile.MIN_UNMAP_GRANULARITY_BYTES,
          1,
          AcrossNodes.AS_VOLUMES,
          EnumSet.copyOf(Dialect.ofVaai()));

  /**
   * A NetApp FlexGroup: full clones only. Within the volume they share blocks, from another volume
   * they copy the blocks, and from another node they copy everything.
   */
  private static final ArrayProfile FLEXGROUP =
      SHARING
          .draft()
          .named(
              "netapp-flexgroup",
              "full clones only: shared in the volume, copied across volumes, thick across nodes")
          .fastClone(false)
          .copyBytesPerSecond(400 * MIB)
          .acrossNodes(AcrossNodes.COPY_ALL)
          .freeze();

  private static final List<ArrayProfile> ALL =
      List.of(
          SHARING,
          SHARING
              .draft()
              .named("copying", "full clones are copied inside the array at 200 MiB/s, 4 at a time")
              .fullClone(FullClone.COPY)
              .copyBytesPerSecond(200 * MIB)
              .maxConcurrentClones(4)
              .maxQueuedClones(16)
              .freeze(),
          SHARING
              .draft()
              .named("one-volume", "clones share blocks; none across volumes")
              .acrossVolumes(AcrossVolumes.UNSUPPORTED)
              .freeze(),
          SHARING
              .draft()
              .named("depth-1", "fast clones of originals only, from snapshots kept until the last")
              .cloningSnapshots(true)
              .maxCloneDepth(1)
              .freeze(),
          SHARING
              .draft()
              .named("depth-2", "fast clones of fast clones, but no third level; snapshots kept")
              .cloningSnapshots(true)
              .maxCloneDepth(2)
              .freeze(),
          SHARING
              .draft()
              .named("snapshot-kept", "every clone comes from a snapshot kept until the last clone")
              .cloningSnapshots(true)
              .freeze(),
          SHARING
              .draft()
              .named("one-at-a-time", "one copying clone at a time, the next is told BUSY")
              .fullClone(FullClone.COPY)
              .copyBytesPerSecond(200 * MIB)
              .maxConcurrentClones(1)
              .whenBusy(WhenBusy.BUSY)
              .freeze(),
          SHARING
              .draft()
              .named("thick", "hole punching is off: a clone of a thin disk is thick")
              .thickDestinations(true)
              .freeze(),
          SHARING
              .draft()
              .named("reserve-ignored", "reservations are answered OK and disks stay thin")
              .reserveSpace(Reserve.IGNORED)
              .freeze(),
          SHARING
              .draft()
              .named("no-reserve", "space cannot be reserved")
              .reserveSpace(Reserve.UNSUPPORTED)
              .freeze(),
          SHARING
              .draft()
              .named("no-statistics", "no extended statistics: hosts fall back to GETATTR")
              .extendedStatistics(Statistics.UNSUPPORTED)
              .freeze(),
          SHARING
              .draft()
              .named("net-statistics", "statistics are net of sharing and disagree with GETATTR")
              .extendedStatistics(Statistics.NET)
              .freeze(),
          SHARING
              .draft()
              .named("statistics-only", "shown as supported, and yet no clone is offloaded")
              .fullClone(FullClone.UNSUPPORTED)
              .fastClone(false)
              .acrossVolumes(AcrossVolumes.UNSUPPORTED)
              .reserveSpace(Reserve.UNSUPPORTED)
              .freeze(),
          SHARING
              .draft()
              .named("no-unmap", "guests' freed space stays with the array: no UNMAP")
              .unmap(Unmap.UNSUPPORTED)
              .freeze(),
          SHARING
              .draft()
              .named("unmap-ignored", "UNMAP is answered OK and nothing comes back")
              .unmap(Unmap.IGNORED)
              .freeze(),
          SHARING
              .draft()
              .named("unmap-1mib", "UNMAP gives back whole MiB only")
              .unmapGranularityBytes(MIB)
              .freeze(),
          FLEXGROUP,
          SHARING
              .draft()
              .named("dell-powerstore", "fast and full clones, reservations, statistics; no UNMAP")
              .unmap(Unmap.UNSUPPORTED)
              .freeze(),
          SHARING
              .draft()
              .named("takeover", "a controller takes over: nothing is supported, calls are BUSY")
              .availability(Availability.TAKEOVER)
              .freeze(),
          SHARING
              .draft()
              .named("off", "offloading is switched off for the export")
              .availability(Availability.OFF)
              .freeze());

  private NamedProfiles() {}

  /** All of them in the order in which they are listed, the standard first. */
  public static List<ArrayProfile> all() {
    return ALL;
  }

  public static Optional<ArrayProfile> find(String name) {
    return ALL.stream().filter(profile -> profile.name().equals(name)).findFirst();
  }
}
