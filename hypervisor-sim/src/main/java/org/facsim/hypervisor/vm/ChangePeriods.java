/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.Optional;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.vmdk.DiskDescriptor;

/**
 * What becomes of a disk's change tracking when redo logs come and go. Each method does nothing if
 * changes are not tracked.
 */
final class ChangePeriods {
  private static final String SUFFIX = "-ctk.vmdk";

  private ChangePeriods() {}

  /** The change-tracking file of a descriptor, in its directory. */
  static String fileName(String descriptorPath) {
    String name = descriptorPath.substring(descriptorPath.lastIndexOf('/') + 1);
    return name.substring(0, name.length() - ".vmdk".length()) + SUFFIX;
  }

  /**
   * Makes the file of a new redo log, which continues its parent's. The parent was flushed; if it
   * lost changes in a crash, the new file starts anew, and earlier change ids are invalid.
   *
   * @param child the log's descriptor, not written yet
   * @param childPath where it will be
   * @return the descriptor that names the file
   */
  static DiskDescriptor continued(
      Datastore datastore,
      ChainLink parent,
      DiskDescriptor child,
      String childPath,
      RandomGenerator random) {
    Optional<ChangeTracking> before = tracking(datastore, parent);
    if (before.isEmpty()) {
      return child;
    }
    if (before.get().lostChanges()) {
      return restarted(datastore, parent, child, childPath, random);
    }
    String name = fileName(childPath);
    before.get().continueIn(datastore.create(beside(childPath, name)));
    return child.withChangeTracking(name);
  }

  /**
   * Makes the file of a new redo log after a revert. It starts anew: what was written since the
   * snapshot is gone, and no change id can say so.
   */
  static DiskDescriptor restarted(
      Datastore datastore,
      ChainLink parent,
      DiskDescriptor child,
      String childPath,
      RandomGenerator random) {
    if (parent.descriptor().changeTracking().isEmpty()) {
      return child;
    }
    String name = fileName(childPath);
    ChangeTracking.create(datastore.create(beside(childPath, name)), child.capacityBytes(), random);
    return child.withChangeTracking(name);
  }

  /**
   * Gives a parent the tracking of the redo log that was consolidated into it. If that lost changes
   * in a crash, the parent's starts anew.
   */
  static void takenOver(
      Datastore datastore, ChainLink child, ChainLink parent, RandomGenerator random) {
    Optional<ChangeTracking> from = tracking(datastore, child);
    Optional<String> name = parent.descriptor().changeTracking();
    if (from.isPresent() && name.isPresent()) {
      DatastoreFile file = datastore.open(parent.inDirectory(name.get()));
      if (from.get().lostChanges()) {
        ChangeTracking.create(file, parent.descriptor().capacityBytes(), random);
      } else {
        from.get().replace(file);
      }
    }
  }

  /** Removes the file of a redo log that goes. */
  static void removed(Datastore datastore, ChainLink child) {
    child
        .descriptor()
        .changeTracking()
        .ifPresent(name -> datastore.remove(child.inDirectory(name)));
  }

  private static Optional<ChangeTracking> tracking(Datastore datastore, ChainLink link) {
    return link.descriptor()
        .changeTracking()
        .map(
            name -> {
              DatastoreFile file = datastore.open(link.inDirectory(name));
              return ChangeTracking.open(file, link.descriptor().capacityBytes());
            });
  }

  private static String beside(String path, String name) {
    return Datastore.join(Datastore.parentOf(path), name);
  }
}
