/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.vmdk.DiskDescriptor;

/**
 * Where the layers of a disk go when its VM moves to another datastore. The VM's own layers keep
 * their names. Layers of another VM, on which a linked clone stands, become layers of the clone, in
 * its directory: it shares nothing afterwards ({@code moveAllDiskBackingsAndDisallowSharing},
 * vSphere's default). They get the names that the disk itself would give them: {@code clone.vmdk},
 * {@code clone-00000N.vmdk}.
 */
final class MovedLayers {
  private static final List<String> SUFFIXES =
      List.of(".vmdk", "-flat.vmdk", "-delta.vmdk", "-sesparse.vmdk", "-ctk.vmdk");

  private final VirtualDisk disk;
  private final String directory;
  private final Map<String, String> nameByForeignPath = new HashMap<>();

  /**
   * Gives names to the layers of other VMs.
   *
   * @param taken the names of the files in the VM's directory; the new ones are added
   */
  MovedLayers(VirtualDisk disk, String directory, Set<String> taken) {
    this.disk = disk;
    this.directory = directory;
    for (DiskLayer layer : disk.layers().all()) {
      if (isForeign(layer)) {
        nameByForeignPath.put(layer.path(), freeName(layer, taken));
      }
    }
  }

  private String freeName(DiskLayer layer, Set<String> taken) {
    for (int number = layer.isWhole() ? 0 : 1; number < VmsdFile.MAX_SNAPSHOTS; number++) {
      String name = number == 0 ? disk.stem() : "%s-%06d".formatted(disk.stem(), number);
      if (SUFFIXES.stream().noneMatch(suffix -> taken.contains(name + suffix))) {
        taken.add(name + ".vmdk");
        return name;
      }
    }
    throw new DatastoreException(
        DatastoreError.FILE_ERROR, "too many redo logs of " + disk.stem() + ".vmdk");
  }

  /** Whether a layer belongs to another VM. */
  boolean isForeign(DiskLayer layer) {
    return !disk.isOwn(layer);
  }

  /** The redo logs of other VMs. */
  List<DiskLayer> foreignRedoLogs() {
    return disk.layers().all().stream()
        .filter(layer -> isForeign(layer) && !layer.isWhole())
        .toList();
  }

  /** Where a layer's data file goes, relative to the destination. */
  String dataPath(DiskLayer layer) {
    return isForeign(layer) ? inDirectory(dataName(layer)) : layer.data().path();
  }

  private String dataName(DiskLayer layer) {
    return nameByForeignPath.get(layer.path())
        + (layer.isWhole() ? "-flat.vmdk" : layer.format().suffix());
  }

  private String path(String sourcePath) {
    String name = nameByForeignPath.get(sourcePath);
    return name == null ? sourcePath : inDirectory(name + ".vmdk");
  }

  private String inDirectory(String name) {
    return Datastore.join(directory, name);
  }

  /** A layer at its new place. A whole layer of another VM leaves its parent behind. */
  DiskLayer moved(DiskLayer layer, DatastoreFile data) {
    String parent =
        layer.parentPath() == null || (isForeign(layer) && layer.isWhole())
            ? null
            : path(layer.parentPath());
    return new DiskLayer(path(layer.path()), layer.kind(), layer.format(), null, data)
        .withParent(parent);
  }

  /**
   * Writes a layer's descriptor if it says something else at its new place than the copy of the old
   * one.
   *
   * @param got the format of the disk at the destination
   */
  void describe(DiskLayer layer, Datastore destination, DiskFormat got) {
    if (isForeign(layer)) {
      DiskDescriptor there = ChainLink.read(disk.datastore(), layer.path()).descriptor();
      DiskDescriptor own = there.withExtent(dataName(layer)).withChangeTracking(null);
      destination.writeText(
          path(layer.path()),
          (layer.isWhole()
                  ? own.withoutParent().withThin(got == DiskFormat.THIN)
                  : onParent(layer, own))
              .toText());
    } else if (nameByForeignPath.containsKey(layer.parentPath())) {
      DiskDescriptor copied = ChainLink.read(destination, layer.path()).descriptor();
      destination.writeText(layer.path(), onParent(layer, copied).toText());
    }
  }

  private DiskDescriptor onParent(DiskLayer layer, DiskDescriptor descriptor) {
    return descriptor.withParent(
        VmPaths.relative(directory, path(layer.parentPath())), descriptor.parentContentId());
  }
}
