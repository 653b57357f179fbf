/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.task.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a VM on their way to another datastore, into a directory of the same name. A linked
 * clone takes along the layers of other VMs that it stands on, and is none afterwards. What linked
 * clones of the VM stand on stays behind for them. The steps:
 *
 * <ol>
 *   <li>{@link #start}: the directory and empty whole files; from now on, what a guest writes to a
 *       whole file is noted;
 *   <li>whoever moves the VM fills the {@link #wholeFiles};
 *   <li>{@link #copyFrozenFiles}: redo logs, descriptors and state files that do not change;
 *   <li>{@link #copyDirty}, as often as it pays;
 *   <li>{@link #switchOver}: the guest waits, the rest is copied, the VM has its new files and
 *       locks, the old files go.
 * </ol>
 *
 * <p>Until the end of the last step, the VM is where it was, and {@link #abandon} removes all that
 * was made. If an old file cannot be deleted, it stays, with a line in the log.
 */
public final class VmRelocation {
  private static final Logger log = LoggerFactory.getLogger(VmRelocation.class);
  private static final int PIECE_BYTES = 1 << 20;

  /** Files that are written anew at the destination, or that belong to the place. */
  private static final Pattern NOT_COPIED =
      Pattern.compile("\\.lck-.*|.*\\.vswp|.*\\.vmx|.*\\.vmtx|.*\\.vmsd");

  private final VirtualMachine vm;
  private final VmState source;
  private final Datastore destination;
  private final List<WholeFile> wholeFiles = new ArrayList<>();
  private final List<MovedLayers> movedLayers = new ArrayList<>();
  private final Map<String, DatastoreFile> copied = new LinkedHashMap<>(); // by their new paths
  private final List<DirtyBlocks> dirtyByDisk = new ArrayList<>();
  private final List<DiskProvisioning> provisioning = new ArrayList<>();
  private boolean done;

  private VmRelocation(VirtualMachine vm, Datastore destination) {
    this.vm = vm;
    this.source = vm.state();
    this.destination = destination;
  }

  /**
   * A file that is a whole disk.
   *
   * @param source where it is
   * @param destination where it goes: as large, all holes
   * @param sizeBytes of the disk
   */
  public record WholeFile(DatastoreFile source, DatastoreFile destination, long sizeBytes) {
    /** The source, to be read. */
    public DiskChain chain() {
      return DiskChain.of(source, sizeBytes, List.of());
    }

    /** Makes the destination all holes again. */
    public void empty() {
      destination.setSizeBytes(0);
      destination.setSizeBytes(sizeBytes);
    }
  }

  /**
   * Makes the destination's directory and whole files.
   *
   * @throws DatastoreException ALREADY_EXISTS if the directory is there already
   */
  public static VmRelocation start(VirtualMachine vm, Datastore destination) {
    vm.lock.lock();
    try {
      VmRelocation relocation = new VmRelocation(vm, destination);
      destination.makeDirectory(relocation.source.directory());
      try {
        relocation.makeWholeFiles();
        return relocation;
      } catch (RuntimeException e) {
        relocation.abandon(e);
        throw e;
      }
    } finally {
      vm.lock.unlock();
    }
  }

  private void makeWholeFiles() {
    Set<String> taken = new HashSet<>(vm.files());
    for (VirtualDisk disk : source.disks()) {
      MovedLayers moved = new MovedLayers(disk, source.directory(), taken);
      movedLayers.add(moved);
      DiskProvisioning got = disk.provisioning();
      for (DiskLayer layer : disk.layers().all()) {
        if (layer.isWhole()) {
          DatastoreFile file = destination.create(moved.dataPath(layer));
          file.setSizeBytes(disk.provisionedBytes());
          if (layer.kind() == DiskLayer.Kind.BASE || moved.isForeign(layer)) {
            got =
                ThickProvisioning.provide(
                    destination, file, disk.format(), disk.provisionedBytes());
          }
          copied.put(file.path(), file);
          wholeFiles.add(new WholeFile(layer.data(), file, disk.provisionedBytes()));
        }
      }
      provisioning.add(got);
      DirtyBlocks dirty = new DirtyBlocks();
      dirtyByDisk.add(dirty);
      disk.noteWritesIn(dirty);
    }
  }

  /** The files that whoever moves the VM fills. */
  public List<WholeFile> wholeFiles() {
    return List.copyOf(wholeFiles);
  }

  /** Copies the files that do not change while the VM runs. */
  public void copyFrozenFiles(TaskContext context) {
    Set<String> changing = changingFiles();
    for (String name : vm.files()) {
      String path = source.path(name);
      if (!NOT_COPIED.matcher(name).matches()
          && !copied.containsKey(path)
          && !(source.poweredOn() && changing.contains(path))) {
        context.checkCanceled();
        copyRaw(path, path);
      }
    }
    for (MovedLayers moved : movedLayers) {
      for (DiskLayer layer : moved.foreignRedoLogs()) {
        context.checkCanceled();
        copyRaw(layer.data().path(), moved.dataPath(layer));
      }
    }
  }

  /** The live layers' files, and the log. */
  private Set<String> changingFiles() {
    Set<String> paths = new HashSet<>(Set.of(source.path(VmLog.FILE_NAME)));
    for (VirtualDisk disk : source.disks()) {
      DiskLayer live = disk.live();
      paths.add(live.path());
      paths.add(live.data().path());
      paths.add(
          Datastore.join(Datastore.parentOf(live.path()), ChangePeriods.fileName(live.path())));
    }
    return paths;
  }

  private void copyRaw(String path, String newPath) {
    DatastoreFile from = source.datastore().open(path);
    DatastoreFile to = VmFiles.createOrOpen(destination, newPath);
    long size = from.sizeBytes();
    to.setSizeBytes(0);
    to.setSizeBytes(size);
    for (long at = 0; at < size; at += PIECE_BYTES) {
      byte[] piece = from.readFully(at, (int) Math.min(PIECE_BYTES, size - at));
      if (!isZeros(piece)) {
        to.writeStable(at, piece);
      }
    }
    copied.put(newPath, to);
  }

  private static boolean isZeros(byte[] bytes) {
    for (byte each : bytes) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  /** What the guest changed since it was copied. */
  public long dirtyBytes() {
    return dirtyByDisk.stream().mapToLong(DirtyBlocks::bytes).sum();
  }

  /** Copies what the guest changed; it may write on. */
  public void copyDirty(TaskContext context) {
    for (int i = 0; i < dirtyByDisk.size(); i++) {
      VirtualDisk disk = source.disks().get(i);
      DatastoreFile from = disk.liveDataFile();
      DatastoreFile to = copied.get(from.path());
      BitSet dirty = dirtyByDisk.get(i).take();
      for (int block = dirty.nextSetBit(0); block >= 0; block = dirty.nextSetBit(block + 1)) {
        context.checkCanceled();
        long at = (long) block * DirtyBlocks.BLOCK_BYTES;
        int count = (int) Math.min(DirtyBlocks.BLOCK_BYTES, disk.provisionedBytes() - at);
        to.writeStable(at, from.readFully(at, count));
      }
    }
  }

  /** Copies the rest while the guest waits, and gives the VM its new files. */
  public void switchOver(TaskContext context) {
    vm.lock.lock();
    try {
      source.disks().forEach(VirtualDisk::close);
      copyDirty(context);
      if (source.poweredOn()) {
        for (String path : changingFiles()) {
          if (isRedoLogOrSmall(path) && vm.files().contains(nameOf(path))) {
            copyRaw(path, path);
          }
        }
      }
      List<VirtualDisk> disks = new ArrayList<>();
      for (int i = 0; i < source.disks().size(); i++) {
        disks.add(moved(source.disks().get(i), movedLayers.get(i), provisioning.get(i)));
      }
      context.commit();
      VmState after = vm.state().movedTo(destination, disks);
      lockAndSwitch(after);
      done = true;
    } finally {
      vm.lock.unlock();
    }
    stopNoting();
    removeSource();
  }

  private boolean isRedoLogOrSmall(String path) {
    return wholeFiles.stream().noneMatch(file -> file.source().path().equals(path));
  }

  private static String nameOf(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private VirtualDisk moved(VirtualDisk disk, MovedLayers to, DiskProvisioning got) {
    List<DiskLayer> layers = new ArrayList<>();
    for (DiskLayer layer : disk.layers().all()) {
      layers.add(to.moved(layer, copied.get(to.dataPath(layer))));
      to.describe(layer, destination, got.got());
    }
    VirtualDisk moved = disk.movedTo(destination, DiskLayers.of(layers), got);
    if (got.got() != disk.provisioning().got()) {
      new BaseChange(moved).describeProvisioning();
    }
    return moved;
  }

  private void lockAndSwitch(VmState after) {
    VmState before = vm.state();
    List<DatastoreFile> files = new ArrayList<>();
    vm.setState(after);
    try {
      vm.writeConfiguration();
      if (after.poweredOn()) {
        files.add(destination.open(after.configurationPath()));
        after.disks().forEach(disk -> files.addAll(disk.dataFiles()));
        vm.host.locks().lockAll(destination, files);
        VmFiles.createOrOpen(destination, after.swapPath())
            .setSizeBytes(source.datastore().open(before.swapPath()).sizeBytes());
        vm.power.log().open();
        vm.power.log().line("Migrate: the VM is on %s now".formatted(destination.name()));
      }
    } catch (RuntimeException e) {
      vm.setState(before);
      for (DatastoreFile file : files) {
        try {
          vm.host.locks().unlock(destination, file);
        } catch (DatastoreException left) {
          e.addSuppressed(left);
        }
      }
      if (before.poweredOn()) {
        vm.power.log().open();
      }
      throw e;
    }
  }

  private void stopNoting() {
    source.disks().forEach(disk -> disk.noteWritesIn(null));
  }

  private void removeSource() {
    DatastoreException failure =
        new DatastoreException(DatastoreError.FILE_ERROR, source.directory() + " stays");
    if (source.poweredOn()) {
      vm.power.unlockAll(source);
    }
    Set<String> kept = readByLinkedClones();
    if (kept.isEmpty()) {
      source.datastore().removeTree(source.directory(), failure);
    } else {
      removeAllBut(kept, failure);
    }
    if (failure.getSuppressed().length > 0) {
      log.warn(
          "{} was moved; on {} files stay: {}",
          source.name(),
          source.datastore().name(),
          failure.getSuppressed()[0].getMessage());
    }
  }

  /** The files of the VM that linked clones stand on, descriptors and data. */
  private Set<String> readByLinkedClones() {
    Set<String> pinned = vm.pinnedPaths();
    Set<String> kept = new HashSet<>();
    for (VirtualDisk disk : source.disks()) {
      for (DiskLayer layer : disk.layers().all()) {
        if (disk.isOwn(layer) && pinned.contains(layer.path())) {
          kept.add(layer.path());
          kept.add(layer.data().path());
        }
      }
    }
    return kept;
  }

  private void removeAllBut(Set<String> kept, DatastoreException failure) {
    try {
      for (String name : source.datastore().list(source.directory())) {
        if (!kept.contains(source.path(name))) {
          source.datastore().remove(source.path(name));
        }
      }
    } catch (DatastoreException cleanup) {
      failure.addSuppressed(cleanup);
    }
  }

  /**
   * Removes what was made at the destination. Does nothing after the switch.
   *
   * @param failure why; failures of the removal are added to it
   */
  public void abandon(RuntimeException failure) {
    if (!done) {
      stopNoting();
      destination.removeTree(source.directory(), failure);
    }
  }
}
