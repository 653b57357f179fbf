/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.DiskLayout;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.guest.WriteRun;

/**
 * A VM on a datastore: its files and, while it runs, its locks. Only one thread at a time may use
 * it.
 */
public final class VirtualMachine {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private final LockKeeper locks;
  private final Datastore datastore;
  private final String name;
  private final GuestSpec guest;
  private final List<VirtualDisk> disks;
  private final List<DiskSpec> layout;
  private final SplittableRandom random;
  // Shared with all clones of this VM, so that no two writes to copies of one block have the same
  // word.
  private final AtomicInteger lastGeneration;
  private final List<Snapshot> snapshots = new ArrayList<>();
  private int lastSnapshotId;
  private GuestConfiguration configuration;
  private boolean poweredOn;

  private VirtualMachine(
      LockKeeper locks,
      Datastore datastore,
      VmSpec spec,
      List<VirtualDisk> disks,
      SplittableRandom random,
      AtomicInteger lastGeneration) {
    this.locks = locks;
    this.datastore = datastore;
    this.name = spec.name();
    this.guest = spec.guest();
    this.configuration = spec.configuration();
    this.layout = spec.disks();
    this.disks = List.copyOf(disks);
    this.random = random;
    this.lastGeneration = lastGeneration;
  }

  /** A snapshot in the .vmsd, with the file that holds the VM's configuration of that moment. */
  private record Snapshot(String displayName, String stateFileName) {}

  /**
   * Makes the directory and files of a new VM. If that fails, everything that was made is removed.
   *
   * @param locks the locks of the host that runs the VM
   */
  public static VirtualMachine create(LockKeeper locks, Datastore datastore, VmSpec spec) {
    SplittableRandom random = new SplittableRandom(spec.seed());
    datastore.makeDirectory(spec.name());
    try {
      List<VirtualDisk> disks = new ArrayList<>();
      for (int i = 0; i < spec.disks().size(); i++) {
        DiskContents contents =
            DiskContents.empty(
                spec.disks().get(i).provisionedBytes(), spec.seed() + i * GOLDEN_GAMMA);
        disks.add(
            VirtualDisk.create(
                datastore,
                spec.name(),
                diskStem(spec.name(), i),
                spec.disks().get(i).format(),
                contents,
                random));
      }
      VirtualMachine vm =
          new VirtualMachine(locks, datastore, spec, disks, random, new AtomicInteger());
      vm.writeNewFiles();
      return vm;
    } catch (DatastoreException e) {
      datastore.removeTree(spec.name(), e);
      throw e;
    }
  }

  /**
   * Makes the files of a clone's disk: empty, at the full size, in the format that was requested
   * for this VM's disk.
   *
   * @param contents what the disk will hold once it is filled
   * @throws DatastoreException DISK_FULL and others; the caller removes what was made
   */
  public VirtualDisk createCloneDisk(
      Datastore destination, String cloneName, int diskIndex, DiskContents contents) {
    return VirtualDisk.create(
        destination,
        cloneName,
        diskStem(cloneName, diskIndex),
        layout.get(diskIndex).format(),
        contents,
        random);
  }

  /**
   * Makes the clone of this VM from disks that are filled already. It is powered off and has no
   * snapshots.
   */
  public VirtualMachine cloneOver(
      Datastore destination, String cloneName, List<VirtualDisk> cloneDisks) {
    VmSpec spec = new VmSpec(cloneName, guest, configuration, layout, 0);
    VirtualMachine clone =
        new VirtualMachine(locks, destination, spec, cloneDisks, random.split(), lastGeneration);
    clone.writeNewFiles();
    return clone;
  }

  private void writeNewFiles() {
    datastore.create(path(name + ".nvram")).writeStable(0, VmFiles.nvram());
    writeConfiguration();
  }

  private static String diskStem(String vmName, int diskIndex) {
    return diskIndex == 0 ? vmName : "%s_%d".formatted(vmName, diskIndex);
  }

  public String name() {
    return name;
  }

  public Datastore datastore() {
    return datastore;
  }

  /** Its directory, relative to the datastore. */
  public String directory() {
    return name;
  }

  public GuestSpec guest() {
    return guest;
  }

  public GuestConfiguration configuration() {
    return configuration;
  }

  public boolean poweredOn() {
    return poweredOn;
  }

  public List<VirtualDisk> disks() {
    return disks;
  }

  /** Names of the files in its directory, as the array lists them. */
  public List<String> files() {
    return datastore.list(directory());
  }

  /**
   * Takes the locks and starts the guest.
   *
   * @throws DatastoreException LOCKED if another host runs it, DAMAGED if a disk does not open
   */
  public void powerOn() {
    if (poweredOn) {
      return;
    }
    for (VirtualDisk disk : disks) {
      disk.open();
    }
    List<DatastoreFile> files = new ArrayList<>();
    files.add(datastore.open(path(name + ".vmx")));
    disks.forEach(disk -> files.addAll(disk.dataFiles()));
    locks.lockAll(datastore, files);
    try {
      datastore.create(path(name + ".vswp")).setSizeBytes((long) VmFiles.MEMORY_MIB << 20);
    } catch (DatastoreException e) {
      files.forEach(file -> locks.unlock(datastore, file));
      throw e;
    }
    poweredOn = true;
  }

  /** The guest starts again; the host keeps its locks. */
  public void reset() {}

  /** Grows a disk. */
  public void extendDisk(int diskIndex, long newBytes) {
    throw new UnsupportedOperationException("extend disk " + diskIndex + " to " + newBytes);
  }

  /** Makes a thin disk thick, eagerly zeroed. */
  public void inflateDisk(int diskIndex) {
    throw new UnsupportedOperationException("inflate disk " + diskIndex);
  }

  /** What a host remembers of the VM, apart from its files: opaque. */
  public record Saved(boolean poweredOn) {}

  /** What the host remembers of the VM now. No call to the array. */
  public Saved save() {
    return new Saved(poweredOn);
  }

  /** Makes the host remember what it did at a save. No call to the array. */
  public void restore(Saved saved) {
    poweredOn = saved.poweredOn();
  }

  /** Stops the guest and removes the locks. */
  public void powerOff() {
    if (!poweredOn) {
      return;
    }
    disks.forEach(VirtualDisk::close);
    poweredOn = false;
    datastore.remove(path(name + ".vswp"));
    disks.forEach(disk -> disk.dataFiles().forEach(file -> locks.unlock(datastore, file)));
    locks.unlock(datastore, datastore.open(path(name + ".vmx")));
  }

  /**
   * Changes the guest's configuration, and the .vmx if the change appears there. The VM may be
   * running.
   */
  public void reconfigure(GuestConfiguration newConfiguration) {
    configuration = newConfiguration;
    writeConfiguration();
  }

  /**
   * The guest writes the used part of each disk; returns when all of it is on stable storage.
   *
   * @param progress is told about all disks together
   */
  public void writeGuestData(TransferProgress progress) {
    long total = layout.stream().mapToLong(DiskSpec::usedBytes).sum();
    TransferProgress monotone = progress.neverBackwards();
    long before = 0;
    for (int i = 0; i < disks.size(); i++) {
      DiskSpec disk = layout.get(i);
      disks
          .get(i)
          .write(
              DiskLayout.spread(disk.provisionedBytes(), disk.usedBytes(), nextGeneration()),
              monotone.part(before, total));
      before += disk.usedBytes();
    }
  }

  /**
   * The guest writes a range of one disk once more, with a new generation.
   *
   * @param offsetBytes a multiple of 512
   * @param lengthBytes a multiple of 512
   */
  public void overwriteGuestData(int diskIndex, long offsetBytes, long lengthBytes) {
    WriteRun run = new WriteRun(offsetBytes, lengthBytes, nextGeneration());
    disks.get(diskIndex).write(List.of(run), TransferProgress.NONE);
  }

  /** Takes a snapshot that stays until {@link #removeSnapshots}. */
  public void takeSnapshot(String snapshotName) {
    String stateFileName = "%s-Snapshot%d.vmsn".formatted(name, ++lastSnapshotId);
    datastore.writeText(path(stateFileName), VmFiles.vmx(this));
    for (VirtualDisk disk : disks) {
      disk.pushRedoLog(random);
      if (poweredOn) {
        locks.lock(datastore, disk.liveDataFile());
      }
    }
    snapshots.add(new Snapshot(snapshotName, stateFileName));
    writeConfiguration();
  }

  /** Consolidates all snapshots into the base disks. */
  public void removeSnapshots() {
    while (!snapshots.isEmpty()) {
      removeNewestSnapshot();
    }
  }

  /** Consolidates what was written since the newest snapshot into the state before it. */
  void removeNewestSnapshot() {
    int redoLogsAfter = snapshots.size() - 1;
    for (VirtualDisk disk : disks) {
      if (disk.redoLogCount() > redoLogsAfter) {
        locks.unlock(datastore, disk.liveDataFile());
        disk.popRedoLog(random);
      }
    }
    Snapshot newest = snapshots.remove(redoLogsAfter);
    datastore.remove(path(newest.stateFileName()));
    writeConfiguration();
  }

  int snapshotCount() {
    return snapshots.size();
  }

  int nextGeneration() {
    return lastGeneration.incrementAndGet();
  }

  SplittableRandom random() {
    return random;
  }

  private void writeConfiguration() {
    datastore.writeText(path(name + ".vmx"), VmFiles.vmx(this));
    datastore.writeText(
        path(name + ".vmsd"),
        VmFiles.snapshotList(snapshots.stream().map(Snapshot::displayName).toList()));
  }

  private String path(String fileName) {
    return Datastore.join(name, fileName);
  }
}
