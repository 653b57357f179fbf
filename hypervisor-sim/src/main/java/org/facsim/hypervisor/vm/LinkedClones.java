/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.facsim.hypervisor.datastore.Datastore;

/** The VMs whose disks stand on layers of one VM. Thread-safe. */
final class LinkedClones {
  private final List<VirtualMachine> clones = new CopyOnWriteArrayList<>();

  /** Adds a clone, in place of another object for the same files. */
  synchronized void add(VirtualMachine clone) {
    remove(clone);
    clones.add(clone);
  }

  /** Removes a clone, or another object for the same files. */
  synchronized void remove(VirtualMachine clone) {
    clones.removeIf(
        each ->
            each.datastore() == clone.datastore() && each.directory().equals(clone.directory()));
  }

  synchronized void set(List<VirtualMachine> newClones) {
    clones.clear();
    clones.addAll(newClones);
  }

  List<VirtualMachine> list() {
    return List.copyOf(clones);
  }

  /** Descriptors in other directories than their own that the clones read. */
  Set<String> readPaths() {
    Set<String> paths = new HashSet<>();
    for (VirtualMachine clone : clones) {
      for (VirtualDisk disk : clone.disks()) {
        for (DiskLayer layer : disk.layers().all()) {
          if (!disk.isOwn(layer)) {
            paths.add(layer.path());
          }
        }
      }
    }
    return paths;
  }

  /** Whether a disk of one VM has a parent in the directory of another. */
  static boolean isLinked(VirtualMachine clone, VirtualMachine source) {
    return clone != source
        && clone.datastore() == source.datastore()
        && clone.disks().stream()
            .flatMap(disk -> disk.layers().all().stream())
            .anyMatch(layer -> Datastore.parentOf(layer.path()).equals(source.directory()));
  }
}
