/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.List;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.OffloadException;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.vmdk.DiskDescriptor;

/**
 * Makes and removes the files of a layer. Whoever makes them gets all or none. A file that cannot
 * be removed stays, with a word about it, and is an orphan that consolidation removes later.
 */
final class LayerFiles {
  private final Datastore datastore;
  private final String directory;

  LayerFiles(Datastore datastore, String directory) {
    this.datastore = datastore;
    this.directory = directory;
  }

  /**
   * Makes an empty redo log on a parent.
   *
   * @param stem the disk's; the layer is {@code stem-000001} or the next that is free
   * @param below the parent, open
   * @param tracksAnew whether change tracking starts anew, as after a revert; otherwise it
   *     continues the parent's
   */
  DiskLayer redoLog(
      String stem,
      String parentPath,
      RedoLogFormat format,
      DiskChain below,
      RandomGenerator random,
      boolean tracksAnew) {
    ChainLink parent = ChainLink.read(datastore, parentPath);
    String name = freeName(stem);
    String extentName = name + format.suffix();
    DatastoreFile file = datastore.create(Datastore.join(directory, extentName));
    try {
      var unused = RedoLog.create(format, file, below);
      String path = Datastore.join(directory, name + ".vmdk");
      DiskDescriptor descriptor =
          DiskDescriptor.redoLog(
              LiveDescriptor.contentId(random),
              parent.descriptor(),
              VmPaths.relative(directory, parentPath),
              format.extentType(),
              extentName);
      describe(
          path,
          tracksAnew
              ? ChangePeriods.restarted(datastore, parent, descriptor, path, random)
              : ChangePeriods.continued(datastore, parent, descriptor, path, random));
      return new DiskLayer(path, DiskLayer.Kind.REDO_LOG, format, parentPath, file);
    } catch (RuntimeException e) {
      removeQuietly(file.path(), e);
      removeQuietly(Datastore.join(directory, ChangePeriods.fileName(name + ".vmdk")), e);
      throw e;
    }
  }

  /**
   * Has the array make a lazy clone of a whole layer.
   *
   * @throws OffloadException if the array does not; nothing is left
   */
  DiskLayer nativeSnapshot(String stem, DiskLayer parent, RandomGenerator random) {
    ChainLink below = ChainLink.read(datastore, parent.path());
    String name = freeName(stem);
    String extentName = name + "-flat.vmdk";
    DatastoreFile file = datastore.create(Datastore.join(directory, extentName));
    try {
      file.setSizeBytes(below.descriptor().capacityBytes());
      datastore.offloadFastClone(datastore, parent.data(), file, TransferProgress.NONE);
      String path = Datastore.join(directory, name + ".vmdk");
      DiskDescriptor descriptor =
          DiskDescriptor.nativeSnapshot(
              LiveDescriptor.contentId(random),
              below.descriptor(),
              VmPaths.relative(directory, parent.path()),
              extentName);
      describe(path, ChangePeriods.continued(datastore, below, descriptor, path, random));
      return new DiskLayer(path, DiskLayer.Kind.NATIVE_SNAPSHOT, null, parent.path(), file);
    } catch (RuntimeException e) {
      removeQuietly(file.path(), e);
      removeQuietly(Datastore.join(directory, ChangePeriods.fileName(name + ".vmdk")), e);
      throw e;
    }
  }

  /** Writes a descriptor that does not exist yet, or leaves none. */
  private void describe(String path, DiskDescriptor descriptor) {
    try {
      datastore.writeText(path, descriptor.toText());
    } catch (RuntimeException e) {
      removeQuietly(path, e);
      throw e;
    }
  }

  /** Makes a layer point to another parent, whose contents are those of the old one. */
  void reparent(DiskLayer layer, DiskLayer parentOrNull) {
    DiskDescriptor written = ChainLink.read(datastore, layer.path()).descriptor();
    DiskDescriptor changed =
        parentOrNull == null
            ? written.withoutParent()
            : written.withParent(
                VmPaths.relative(Datastore.parentOf(layer.path()), parentOrNull.path()),
                ChainLink.read(datastore, parentOrNull.path()).descriptor().contentId());
    datastore.writeText(layer.path(), changed.toText());
  }

  /**
   * Removes the files of a layer.
   *
   * @throws DatastoreException if one cannot be removed; the data file is tried all the same
   */
  void remove(DiskLayer layer) {
    DatastoreException failure = null;
    for (String path : List.of(layer.path(), layer.data().path(), trackingPath(layer.path()))) {
      try {
        removeIfThere(path);
      } catch (DatastoreException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static String trackingPath(String descriptorPath) {
    return Datastore.join(
        Datastore.parentOf(descriptorPath), ChangePeriods.fileName(descriptorPath));
  }

  private void removeIfThere(String path) {
    try {
      datastore.remove(path);
    } catch (DatastoreException e) {
      if (e.error() != DatastoreError.NOT_FOUND) {
        throw e;
      }
    }
  }

  private void removeQuietly(String path, RuntimeException failure) {
    try {
      removeIfThere(path);
    } catch (DatastoreException e) {
      failure.addSuppressed(e);
    }
  }

  /** The first of {@code stem-000001}, {@code stem-000002} and so on of which there is no file. */
  private String freeName(String stem) {
    List<String> taken = datastore.list(directory);
    for (int number = 1; number <= VmsdFile.MAX_SNAPSHOTS + 2 * DiskChain.MAX_REDO_LOGS; number++) {
      String candidate = "%s-%06d".formatted(stem, number);
      if (taken.stream()
          .noneMatch(
              name -> name.equals(candidate + ".vmdk") || name.startsWith(candidate + "-"))) {
        return candidate;
      }
    }
    throw new DatastoreException(
        DatastoreError.FILE_ERROR, "too many redo logs of " + stem + ".vmdk");
  }
}
