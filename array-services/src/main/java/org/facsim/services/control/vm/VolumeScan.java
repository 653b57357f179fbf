/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.NotedSpace;
import org.facsim.array.Snapshot;
import org.facsim.array.Volume;

/**
 * What the inventory knows of one volume. A look costs O(1) for each file if anything changed in
 * the volume, and nothing if nothing did: directories are listed again only where names came or
 * went, and no map is walked. Used by one thread at a time.
 */
final class VolumeScan {
  final Volume volume;
  private final VmFolder root;
  private long seenChange = -1;
  private long seenEpoch = -1;

  /** The snapshots that were there at the last look, by what they were taken of. */
  private Map<Long, List<Snapshot>> snapshotsBySource = Map.of();

  /** Differs if other snapshots are there. */
  private long snapshotStamp;

  /** All VMs, in no order. */
  private List<VmFolder> vms = List.of();

  /** By file id: the directory, or the directory that a file of a VM is in. */
  private Map<Long, VmFolder> byFileId = Map.of();

  private long exclusiveBytes;
  private long mappedBytes;

  private final Parents parents;

  /** What files were cloned from without a snapshot. */
  interface Parents {
    /** Null if it is not known. */
    VmParent of(Inode clone);

    /** Differs as soon as more is known. */
    long stamp();
  }

  VolumeScan(Volume volume, Parents parents) {
    this.parents = parents;
    this.volume = volume;
    root = new VmFolder(volume.root(), "", 0);
  }

  List<VmFolder> vms() {
    return vms;
  }

  Optional<VmFolder> ofFile(long fileId) {
    return Optional.ofNullable(byFileId.get(fileId));
  }

  /** What deleting the files of all directories one by one would free at least. */
  long exclusiveBytes() {
    return exclusiveBytes;
  }

  /** What the files of all directories map. */
  long mappedBytes() {
    return mappedBytes;
  }

  /**
   * Looks again.
   *
   * @param epoch differs if figures may have changed without a change of the volume
   * @return whether anything may be different
   */
  boolean look(long epoch) {
    long change = volume.lastChange();
    if (change == seenChange && epoch == seenEpoch) {
      return false;
    }
    lookAtSnapshots();
    List<VmFolder> found = new ArrayList<>();
    Map<Long, VmFolder> ids = new HashMap<>();
    long exclusive = 0;
    long mapped = 0;
    Deque<VmFolder> left = new ArrayDeque<>(List.of(root));
    int folders = 0;
    while (!left.isEmpty() && folders++ < VmInventory.MAX_FOLDERS) {
      VmFolder folder = left.pop();
      try {
        folder.relist(VmInventory.MAX_DEPTH);
      } catch (ArrayException gone) {
        continue; // its parent is listed without it soon
      }
      ids.put(folder.inode.fileId(), folder);
      for (VmFolder.Entry file : folder.files) {
        look(folder, file);
        exclusive += file.exclusiveBytes;
        mapped += file.noted == null ? 0 : file.noted.referencedBytes();
        if (folder.isVm) {
          ids.put(file.inode.fileId(), folder);
        }
      }
      if (folder.isVm && found.size() < VmInventory.MAX_VMS) {
        found.add(folder);
      }
      folder.folders.forEach(left::push);
    }
    byFileId = ids;
    vms = found;
    exclusiveBytes = exclusive;
    mappedBytes = mapped;
    vms.forEach(this::findParent);
    seenChange = change;
    seenEpoch = epoch;
    return true;
  }

  private void lookAtSnapshots() {
    Map<Long, List<Snapshot>> bySource = new HashMap<>();
    long stamp = 0;
    for (Snapshot each : volume.snapshots().all()) {
      bySource.computeIfAbsent(each.sourceFileId(), id -> new ArrayList<>()).add(each);
      stamp = 31 * stamp + each.id() * 7 + each.cloneCount();
    }
    snapshotsBySource = bySource;
    snapshotStamp = 31 * stamp + parents.stamp();
  }

  private void look(VmFolder folder, VmFolder.Entry file) {
    try {
      long change = file.inode.attributes().changeCounter();
      NotedSpace noted = volume.space().noted(file.inode);
      boolean isChanged = change != file.seenChange;
      boolean isCharged =
          file.noted == null
              || noted.chargedBytes() != file.noted.chargedBytes()
              || noted.referencedBytes() != file.noted.referencedBytes();
      boolean isUnknown = noted.exclusiveBytes().isEmpty();
      if (isChanged || isCharged || isUnknown) {
        var tree = volume.space().ofTree(file.inode);
        file.liveBytes = tree.liveBytes();
        file.exclusiveBytes = tree.exclusiveBytes();
      }
      if (!isUnknown) {
        file.exclusiveBytes = noted.exclusiveBytes().getAsLong();
      }
      if (isChanged) {
        folder.parentStamp = -1;
        if (file.kind == VmFileKind.CONFIGURATION) {
          folder.displayName =
              TextFile.settings(TextFile.read(file.inode)).getOrDefault("displayname", "");
        }
      }
      file.noted = noted;
      file.seenChange = change;
    } catch (ArrayException gone) {
      file.noted = null;
      file.liveBytes = 0;
      file.exclusiveBytes = 0;
    }
  }

  /** The snapshots that were taken of a file or directory. */
  List<Snapshot> snapshotsOf(long fileId) {
    return snapshotsBySource.getOrDefault(fileId, List.of());
  }

  private void findParent(VmFolder folder) {
    if (folder.parentStamp == snapshotStamp) {
      return;
    }
    folder.parentStamp = snapshotStamp;
    folder.parent = parentOf(folder.inode);
    for (VmFolder.Entry file : folder.files) {
      if (folder.parent == null && file.kind == VmFileKind.DISK) {
        folder.parent = parentOf(file.inode);
      }
    }
  }

  /** What a file or directory was cloned from; null if that is not known. */
  VmParent parentOf(Inode clone) {
    VmParent bySnapshot = snapshotsBySource.isEmpty() ? null : parentBySnapshot(clone);
    return bySnapshot == null ? parents.of(clone) : bySnapshot;
  }

  private VmParent parentBySnapshot(Inode clone) {
    Optional<Snapshot> origin;
    try {
      origin = volume.snapshots().originOf(clone);
    } catch (ArrayException gone) {
      return null;
    }
    return origin
        .map(
            from ->
                new VmParent(
                    volume.name(),
                    ofFile(from.sourceFileId()).map(VmFolder::path).orElse(""),
                    from.name()))
        .orElse(null);
  }

  /** What is to be said of a VM now, without a version. */
  Vm describe(VmFolder folder) {
    VmSpace space = VmSpace.NONE;
    int disks = 0;
    int redoLogs = 0;
    int snapshots = snapshotsOf(folder.inode.fileId()).size();
    for (VmFolder.Entry file : folder.files) {
      space = space.plus(spaceOf(file));
      disks += file.kind == VmFileKind.DISK ? 1 : 0;
      redoLogs += file.kind == VmFileKind.REDO_LOG ? 1 : 0;
      snapshots += snapshotsOf(file.inode.fileId()).size();
    }
    return new Vm(
        folder.path().isEmpty() ? volume.name() : volume.name() + "/" + folder.path(),
        volume.name(),
        folder.path(),
        folder.displayName.isEmpty() ? folder.name() : folder.displayName,
        0,
        folder.files.size(),
        disks,
        redoLogs,
        snapshots,
        folder.isLocked,
        space,
        folder.rates,
        folder.parent);
  }

  private static VmSpace spaceOf(VmFolder.Entry file) {
    NotedSpace noted = file.noted;
    if (noted == null) {
      return VmSpace.NONE;
    }
    long charged = noted.chargedBytes();
    long live = Math.min(file.liveBytes, charged);
    return new VmSpace(
        file.kind == VmFileKind.DISK ? noted.logicalBytes() : 0,
        charged,
        file.exclusiveBytes,
        Math.max(0, noted.referencedBytes() - file.exclusiveBytes),
        noted.reservedBytes(),
        file.isOfSnapshot ? 0 : live,
        file.isOfSnapshot ? live : 0,
        charged - live);
  }
}
