/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * The snapshots of a VM and the one on which it runs ("You are here"). Immutable.
 *
 * @param snapshots in the order in which they were taken; a parent comes before its children
 * @param currentId the snapshot that the live state came from, 0 for none
 * @param lastId the highest id that was ever given
 */
record SnapshotTree(List<VmSnapshot> snapshots, int currentId, int lastId) {
  static final SnapshotTree EMPTY = new SnapshotTree(List.of(), 0, 0);

  SnapshotTree {
    snapshots = List.copyOf(snapshots);
  }

  Optional<VmSnapshot> find(int id) {
    return snapshots.stream().filter(snapshot -> snapshot.id() == id).findAny();
  }

  Optional<VmSnapshot> current() {
    return find(currentId);
  }

  /** The tree after one more snapshot, on which the VM runs then. */
  SnapshotTree with(VmSnapshot taken) {
    List<VmSnapshot> more = new ArrayList<>(snapshots);
    more.add(taken);
    return new SnapshotTree(more, taken.id(), Math.max(lastId, taken.id()));
  }

  SnapshotTree withCurrent(int id) {
    return new SnapshotTree(snapshots, id, lastId);
  }

  /** The tree without some snapshots. The children of one that goes get its parent. */
  SnapshotTree without(Set<Integer> ids) {
    List<VmSnapshot> kept = new ArrayList<>();
    for (VmSnapshot snapshot : snapshots) {
      if (!ids.contains(snapshot.id())) {
        kept.add(snapshot.withParent(firstKept(snapshot.parentId(), ids)));
      }
    }
    return new SnapshotTree(kept, firstKept(currentId, ids), lastId);
  }

  private int firstKept(int id, Set<Integer> gone) {
    int at = id;
    while (gone.contains(at)) {
      at = find(at).map(VmSnapshot::parentId).orElse(0);
    }
    return at;
  }

  /** A snapshot and everything that was taken on it. */
  Set<Integer> branchOf(int id) {
    Set<Integer> branch = new HashSet<>(Set.of(id));
    for (VmSnapshot snapshot : snapshots) {
      if (branch.contains(snapshot.parentId())) {
        branch.add(snapshot.id());
      }
    }
    return branch;
  }

  SnapshotTree mapDisks(UnaryOperator<VmSnapshot.Disk> change) {
    return new SnapshotTree(
        snapshots.stream()
            .map(each -> each.withDisks(each.disks().stream().map(change).toList()))
            .toList(),
        currentId,
        lastId);
  }

  /** The same tree, with what another tree of the same files knows of contents. */
  SnapshotTree withContentsOf(SnapshotTree other) {
    return new SnapshotTree(
        snapshots.stream()
            .map(
                each ->
                    other.find(each.id()).map(known -> each.withDisks(known.disks())).orElse(each))
            .toList(),
        currentId,
        lastId);
  }

  /** The descriptors that snapshots need of one disk. */
  Set<String> descriptorsOf(int diskIndex) {
    Set<String> paths = new HashSet<>();
    for (VmSnapshot snapshot : snapshots) {
      if (diskIndex < snapshot.disks().size()) {
        paths.add(snapshot.disks().get(diskIndex).descriptorPath());
      }
    }
    return paths;
  }
}
