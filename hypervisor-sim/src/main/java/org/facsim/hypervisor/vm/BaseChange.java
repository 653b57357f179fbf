/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.vmdk.DiskDescriptor;

/** Changes the base of a disk: its size, its format, its descriptor. Needs the VM's lock. */
final class BaseChange {
  private final VirtualDisk disk;
  private final Datastore datastore;

  BaseChange(VirtualDisk disk) {
    this.disk = disk;
    this.datastore = disk.datastore();
  }

  /** Makes the live data file, a base, all holes again. */
  void empty() {
    DiskState before = disk.save();
    DiskLayer base = disk.live();
    DatastoreFile flat = base.data();
    try {
      flat.setSizeBytes(0);
    } catch (DatastoreException e) {
      if (e.error() != DatastoreError.STALE && e.error() != DatastoreError.NOT_FOUND) {
        throw e;
      }
      flat = datastore.create(flat.path());
    }
    flat.setSizeBytes(before.provisionedBytes());
    DiskProvisioning got =
        ThickProvisioning.provide(datastore, flat, disk.format(), before.provisionedBytes());
    disk.setState(
        before
            .withLayers(before.layers().with(base.withData(flat)), before.livePath())
            .withProvisioning(got));
    if (disk.save().isThin() != before.isThin()) {
      describe(descriptor -> descriptor.withThin(got.got() == DiskFormat.THIN));
    }
  }

  /** Changes the live descriptor. */
  private void describe(UnaryOperator<DiskDescriptor> change) {
    describe(disk.descriptorPath(), change);
  }

  private void describe(String path, UnaryOperator<DiskDescriptor> change) {
    DiskDescriptor written = ChainLink.read(datastore, path).descriptor();
    datastore.writeText(path, change.apply(written).toText());
  }

  /** Gives the live base a new content id, because its contents changed. */
  void renewContentId(RandomGenerator random) {
    describe(descriptor -> LiveDescriptor.renewed(descriptor, random));
  }

  /** Writes into the base's descriptor whether the disk is thin. */
  void describeProvisioning() {
    boolean thin = disk.save().isThin();
    for (DiskLayer layer : disk.layers().all()) {
      if (layer.kind() == DiskLayer.Kind.BASE) {
        describe(layer.path(), descriptor -> descriptor.withThin(thin));
      }
    }
  }

  private DiskLayer requireBareBase(String what) {
    DiskLayer base = disk.live();
    if (disk.layers().all().size() > 1 || base.kind() != DiskLayer.Kind.BASE) {
      throw new IllegalStateException(
          "%s: %s has redo logs; allowed: a disk without snapshots".formatted(what, base.path()));
    }
    return base;
  }

  /**
   * Grows the disk. If that fails, it has its old size. Change tracking starts anew.
   *
   * @throws IllegalStateException if it has snapshots
   */
  void grow(long newBytes) {
    DiskFormat asked = disk.format();
    DiskLayer base = requireBareBase("grow");
    DiskState before = disk.save();
    boolean tracked = disk.changeTracking().isPresent();
    Undo undo = new Undo();
    try {
      undo.add(() -> base.data().setSizeBytes(before.provisionedBytes()));
      base.data().setSizeBytes(newBytes);
      DiskProvisioning got =
          before.isThin()
              ? before.provisioning()
              : ThickProvisioning.provide(datastore, base.data(), asked, newBytes);
      if (tracked) {
        undo.add(() -> disk.trackChanges(true));
        disk.trackChanges(false);
      }
      undo.add(() -> describe(descriptor -> descriptor.withCapacity(before.provisionedBytes())));
      describe(descriptor -> descriptor.withCapacity(newBytes));
      undo.add(() -> disk.setState(before));
      disk.setState(before.withProvisioning(got).withCapacity(newBytes));
      if (tracked) {
        disk.trackChanges(true);
      }
    } catch (RuntimeException e) {
      undo.run(e);
      throw e;
    }
  }

  /**
   * Has the array store zeros wherever the disk has none yet, so that it is thick.
   *
   * @throws IllegalStateException if it has snapshots
   * @throws MethodFaultException NotSupported if the array does not
   */
  void inflate() {
    DiskLayer base = requireBareBase("inflate");
    DiskState before = disk.save();
    DiskProvisioning got =
        ThickProvisioning.provide(
            datastore, base.data(), DiskFormat.THICK_EAGER_ZEROED, before.provisionedBytes());
    if (got.got() == DiskFormat.THIN) {
      throw new MethodFaultException(
          FaultType.NOT_SUPPORTED, base.path() + ": " + got.flag().orElse("not reserved"));
    }
    describe(descriptor -> descriptor.withThin(false));
    disk.setState(before.withProvisioning(got));
  }
}
