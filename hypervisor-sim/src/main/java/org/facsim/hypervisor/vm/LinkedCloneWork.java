/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.OffloadException;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.task.TaskContext;
import org.facsim.hypervisor.vmdk.DiskDescriptor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a linked clone of a snapshot. If the array makes lazy clones, and the snapshot's state is a
 * whole file, each disk is one of its own. Otherwise it is a redo log in the clone's directory
 * whose parent is the snapshot's descriptor ({@code ../source/source.vmdk}); the source then keeps
 * that layer as long as the clone is there.
 */
final class LinkedCloneWork {
  private static final Logger log = LoggerFactory.getLogger(LinkedCloneWork.class);

  private final VirtualMachine source;
  private final String name;
  private final VmSnapshot snapshot;
  private final boolean allowNative;
  private final Datastore datastore;
  private final SplittableRandom random;

  LinkedCloneWork(VirtualMachine source, String name, VmSnapshot snapshot, boolean allowNative) {
    this.source = source;
    this.name = name;
    this.snapshot = snapshot;
    this.allowNative = allowNative;
    this.datastore = source.datastore();
    this.random = source.splitRandom();
  }

  VirtualMachine make(TaskContext context) {
    context.checkCanceled();
    datastore.makeDirectory(name);
    try {
      List<VirtualDisk> disks = new ArrayList<>();
      for (int i = 0; i < snapshot.disks().size(); i++) {
        context.checkCanceled();
        disks.add(disk(i));
        context.progressPercent(90 * (i + 1) / snapshot.disks().size());
      }
      context.commit();
      VirtualMachine clone = source.cloneOver(datastore, name, disks);
      if (clone.isLinkedTo(source)) {
        source.addLinkedClone(clone);
      }
      return clone;
    } catch (RuntimeException e) {
      datastore.removeTree(name, e);
      throw e;
    }
  }

  private VirtualDisk disk(int index) {
    VirtualDisk of = source.disks().get(index);
    VmSnapshot.Disk state = snapshot.disks().get(index);
    DiskLayer frozen = of.layers().get(state.descriptorPath());
    if (allowNative && frozen.isWhole() && datastore.hardwareAcceleration().fastFileClone()) {
      try {
        return natively(index, of, frozen, state);
      } catch (OffloadException e) {
        log.info("{}: a redo log in place of a lazy clone: {}", name, e.getMessage());
      }
    }
    return byRedoLog(index, of, state);
  }

  private VirtualDisk natively(int index, VirtualDisk of, DiskLayer frozen, VmSnapshot.Disk state) {
    String stem = VmFiles.diskStem(name, index);
    DatastoreFile flat = datastore.create(Datastore.join(name, stem + "-flat.vmdk"));
    try {
      flat.setSizeBytes(of.provisionedBytes());
      datastore.offloadFastClone(datastore, frozen.data(), flat, TransferProgress.NONE);
    } catch (OffloadException e) {
      try {
        datastore.remove(flat.path());
      } catch (DatastoreException left) {
        left.addSuppressed(e);
        throw left;
      }
      throw e;
    }
    String path = Datastore.join(name, stem + ".vmdk");
    datastore.writeText(
        path,
        DiskDescriptor.base(
                LiveDescriptor.contentId(random),
                of.provisionedBytes(),
                stem + "-flat.vmdk",
                VmFiles.diskUuid(random),
                true)
            .toText());
    return made(
        stem,
        of,
        state,
        DiskLayers.of(List.of(new DiskLayer(path, DiskLayer.Kind.BASE, null, null, flat))),
        path);
  }

  private VirtualDisk byRedoLog(int index, VirtualDisk of, VmSnapshot.Disk state) {
    String stem = VmFiles.diskStem(name, index);
    DiskLayer made;
    List<DiskLayer> layers;
    source.lock.lock();
    try {
      made =
          new LayerFiles(datastore, name)
              .redoLog(
                  stem,
                  state.descriptorPath(),
                  source.redoLogFormat(of),
                  of.chainOf(state.descriptorPath()),
                  random,
                  true);
      layers = new ArrayList<>(of.layers().chain(state.descriptorPath()));
    } finally {
      source.lock.unlock();
    }
    layers.add(made);
    return made(stem, of, state, DiskLayers.of(layers), made.path());
  }

  private VirtualDisk made(
      String stem, VirtualDisk of, VmSnapshot.Disk state, DiskLayers layers, String livePath) {
    DiskContents contents = state.contents();
    return new VirtualDisk(
        datastore,
        name,
        stem,
        DiskFormat.THIN,
        random.split(),
        new DiskState(
            of.provisionedBytes(),
            DiskProvisioning.asAsked(DiskFormat.THIN),
            layers,
            livePath,
            contents,
            state.contentsKnown()));
  }
}
