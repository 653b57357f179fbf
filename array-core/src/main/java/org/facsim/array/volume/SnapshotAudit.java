/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.history.SnapshotTable;
import org.facsim.array.history.StoredSnapshot;
import org.facsim.array.inode.VolumeInode;

/**
 * Checks what is known of a volume's snapshots. Each of them is in the directory of snapshots under
 * its name, and nothing else is there. Parents are older than their children, and clones are
 * counted right. The lock is held.
 */
public final class SnapshotAudit {
  private final SnapshotTable table;
  private final List<String> problems = new ArrayList<>();

  private SnapshotAudit(SnapshotTable table) {
    this.table = table;
  }

  /** Returns what does not fit, in words; empty if all is well. */
  public static List<String> of(VolumeContext context) {
    SnapshotAudit audit = new SnapshotAudit(context.snapshots);
    audit.run(context);
    return audit.problems;
  }

  private void run(VolumeContext context) {
    VolumeInode directory = table.directory();
    check((directory == null) == (table.count() == 0), "snapshots without a directory, or none");
    Map<Long, Integer> clones = new HashMap<>();
    table.forEachOrigin(
        (cloneId, snapshotId) -> {
          clones.merge(snapshotId, 1, Integer::sum);
          check(context.inodes.get(cloneId) != null, "no clone " + cloneId + " of a snapshot");
          check(table.get(snapshotId) != null, "clone " + cloneId + " of no snapshot");
        });
    for (StoredSnapshot snapshot : table.all()) {
      String what = "snapshot " + snapshot.id();
      Name name = Name.of(snapshot.name());
      Volume.DirectoryEntry entry = directory == null ? null : directory.directory().find(name);
      check(entry != null && entry.inode() == snapshot.root(), what + " is not under its name");
      check(snapshot.id() < table.nextId(), what + ": its number was never given");
      check(
          snapshot.parentId() == 0
              || (snapshot.parentId() < snapshot.id() && table.get(snapshot.parentId()) != null),
          what + " has no parent " + snapshot.parentId());
      int counted = clones.getOrDefault(snapshot.id(), 0);
      check(
          snapshot.cloneCount() == counted,
          what + ": kept " + snapshot.cloneCount() + " clones, counted " + counted);
    }
    long entries = directory == null ? 0 : directory.directory().count();
    check(
        entries == table.count(),
        "the directory of " + table.count() + " snapshots has " + entries);
  }

  private void check(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
