/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.util.List;
import org.facsim.array.TreeSpace;

/**
 * All that the array can say of one VM.
 *
 * @param vm the VM in brief
 * @param tree the ledger of the whole directory, exact
 * @param files its files by name
 * @param disks its disks with their redo logs, the bases first. A redo log whose base is not there
 *     is a root, too, and says so
 * @param snapshots the array's snapshots of it, as a tree
 */
public record VmDetail(
    Vm vm, TreeSpace tree, List<VmFile> files, List<VmDisk> disks, List<VmSnapshot> snapshots) {
  public VmDetail {
    files = List.copyOf(files);
    disks = List.copyOf(disks);
    snapshots = List.copyOf(snapshots);
  }
}
