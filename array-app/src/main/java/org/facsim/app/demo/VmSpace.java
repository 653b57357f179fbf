/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.util.regex.Pattern;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.TreeSpace;
import org.facsim.array.Volume;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;

/**
 * What one VM uses, from the array's ledger, split as the consoles of VM-aware arrays show it when
 * the pointer rests on "Used GiB".
 *
 * @param vm its directory
 * @param liveBytes bytes charged to its files and still in them, without redo logs
 * @param hypervisorSnapshotBytes the same for redo logs and snapshot state files
 * @param arraySnapshotBytes bytes charged to its files and no longer in them, because array
 *     snapshots (a clone made by the array leaves one) or clones hold them
 * @param uniqueBytes bytes that deleting the VM would free
 * @param provisionedBytes the sum of the sizes of its disks
 */
public record VmSpace(
    String vm,
    long liveBytes,
    long hypervisorSnapshotBytes,
    long arraySnapshotBytes,
    long uniqueBytes,
    long provisionedBytes) {
  private static final int PAGE_ENTRIES = 256;
  private static final Pattern SNAPSHOT_FILE =
      Pattern.compile(".*(-delta\\.vmdk|-\\d{6}\\.vmdk|\\.vmsn)");
  private static final Pattern DISK_FILE = Pattern.compile(".*-flat\\.vmdk");

  /** The bytes charged to the VM: the console's "Used". */
  long usedBytes() {
    return liveBytes + hypervisorSnapshotBytes + arraySnapshotBytes;
  }

  /** Reads the ledger of every file in a VM's directory. */
  static VmSpace read(Volume volume, String directory) {
    Inode folder = volume.names().lookup(Caller.ROOT, volume.root(), Name.of(directory));
    Sum sum = new Sum();
    long cookie = 0;
    DirectoryPage page;
    do {
      page = volume.names().readDirectory(Caller.ROOT, folder, cookie, PAGE_ENTRIES);
      for (DirectoryEntry entry : page.entries()) {
        if (entry.inode().attributes().type() == FileType.REGULAR) {
          sum.add(entry.name().toString(), volume.space().ofTree(entry.inode()));
        }
        cookie = entry.cookie();
      }
    } while (!page.endOfDirectory());
    return new VmSpace(directory, sum.live, sum.hypervisor, sum.array, sum.unique, sum.provisioned);
  }

  /** A running sum over files. */
  private static final class Sum {
    private long live;
    private long hypervisor;
    private long array;
    private long unique;
    private long provisioned;

    void add(String fileName, TreeSpace space) {
      array += space.snapshotBytes();
      if (SNAPSHOT_FILE.matcher(fileName).matches()) {
        hypervisor += space.liveBytes();
      } else {
        live += space.liveBytes();
      }
      unique += space.exclusiveBytes();
      if (DISK_FILE.matcher(fileName).matches()) {
        provisioned += space.logicalBytes();
      }
    }
  }
}
