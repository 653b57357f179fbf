/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;

/**
 * What an administrator does with virtual machines in the array's own console. No host takes part,
 * and no byte crosses the network.
 */
public final class ArrayConsole {
  private static final int PAGE_ENTRIES = 256;

  private final Volume volume;
  private final ArrayEvents events;

  ArrayConsole(Volume volume, ArrayEvents events) {
    this.volume = Objects.requireNonNull(volume);
    this.events = Objects.requireNonNull(events);
  }

  /**
   * Clones a VM, running or not, with all its files as they are at one moment. The clone of a
   * running VM is crash-consistent. The files keep their names. Lock files and the swap file of a
   * running VM do not belong to the VM itself and are left out.
   *
   * @param vmDirectory the VM's directory in the volume's root
   * @param cloneDirectory the clone's directory, which must not exist
   * @throws org.facsim.array.ArrayException as {@link org.facsim.array.VolumeClones#cloneTree}
   */
  public void cloneVm(String vmDirectory, String cloneDirectory) {
    Inode root = volume.root();
    Inode source = volume.names().lookup(Caller.ROOT, root, Name.of(vmDirectory));
    var unused = cloneDirectory(volume, source, root, Name.of(cloneDirectory));
    events.add(new ArrayChange.VmCloned(volume.name(), vmDirectory, cloneDirectory));
  }

  /** Clones a directory, and takes out of the clone what belongs to a run of the VM. */
  static Inode cloneDirectory(Volume volume, Inode source, Inode parent, Name cloneName) {
    Inode clone = volume.clones().cloneTree(Caller.ROOT, source, parent, cloneName).inode();
    for (Name name : names(volume, clone)) {
      if (belongsToARun(name.toString())) {
        var unused = volume.names().remove(Caller.ROOT, clone, name);
      }
    }
    return clone;
  }

  static boolean belongsToARun(String fileName) {
    return fileName.startsWith(".lck-") || fileName.endsWith(".vswp");
  }

  private static List<Name> names(Volume volume, Inode directory) {
    List<Name> names = new ArrayList<>();
    long cookie = 0;
    DirectoryPage page;
    do {
      page = volume.names().readDirectory(Caller.ROOT, directory, cookie, PAGE_ENTRIES);
      for (DirectoryEntry entry : page.entries()) {
        names.add(entry.name());
        cookie = entry.cookie();
      }
    } while (!page.endOfDirectory());
    return names;
  }
}
