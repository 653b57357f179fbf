/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestIo;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.task.TaskContext;

/**
 * A VM on a datastore: its files and, while it runs, its locks. Thread-safe: one lock lets the
 * guest write or the host change the VM's layers, one at a time. What is frozen (the state of a
 * snapshot, the disks of a VM that is off) can be read meanwhile.
 */
public final class VirtualMachine {
  final VmHost host;
  final ReentrantLock lock = new ReentrantLock();
  final VmPower power = new VmPower(this);
  final VmGuestIo guestIo = new VmGuestIo(this);
  private final SplittableRandom random;
  // Shared with all clones of this VM, so that no two writes to copies of one block have the same
  // word.
  private final AtomicInteger lastGeneration;
  private final LinkedClones linkedClones = new LinkedClones();
  private volatile VmState state;

  VirtualMachine(
      VmHost host, VmState state, SplittableRandom random, AtomicInteger lastGeneration) {
    this.host = host;
    this.state = state;
    this.random = random;
    this.lastGeneration = lastGeneration;
  }

  /**
   * Makes the directory and files of a new VM. If that fails, everything that was made is removed.
   */
  public static VirtualMachine create(VmHost host, Datastore datastore, VmSpec spec) {
    return VmMaker.make(host, datastore, spec);
  }

  /**
   * Reads a VM from its files, whoever wrote them. Takes no lock.
   *
   * @param path of the {@code .vmx} or {@code .vmtx}, relative to the datastore
   * @throws org.facsim.hypervisor.task.MethodFaultException InvalidVmConfig, InvalidSnapshotFormat,
   *     InvalidDiskFormat or FileNotFound, with the file and what is wrong in it
   */
  public static VirtualMachine open(VmHost host, Datastore datastore, String path) {
    return new VmOpener(host, datastore, path).open();
  }

  /**
   * Makes the files of a clone's disk: empty, at the full size, in the format that was requested
   * for this VM's disk.
   *
   * @param frozen what the disk will hold once it is filled
   * @throws DatastoreException DISK_FULL and others; the caller removes what was made
   */
  public VirtualDisk createCloneDisk(
      Datastore destination, String cloneName, int diskIndex, FrozenDisk frozen) {
    return NewDisk.create(
        destination,
        cloneName,
        VmFiles.diskStem(cloneName, diskIndex),
        disks().get(diskIndex).format(),
        frozen.contents(),
        frozen.contentsKnown(),
        splitRandom());
  }

  /**
   * Makes the clone of this VM from disks that are filled already. It is powered off and has no
   * snapshots.
   */
  public VirtualMachine cloneOver(
      Datastore destination, String cloneName, List<VirtualDisk> cloneDisks) {
    SplittableRandom own = splitRandom();
    VmState cloned = state.forClone(destination, cloneName, cloneDisks, own);
    VirtualMachine clone = new VirtualMachine(host, cloned, own, lastGeneration);
    clone.writeNewFiles();
    return clone;
  }

  /** Writes the small files of a VM whose disks are there. */
  void writeNewFiles() {
    VmState now = state;
    now.datastore()
        .create(now.path(now.text().get("nvram").orElse(now.stem() + ".nvram")))
        .writeStable(0, VmFiles.nvram());
    writeConfiguration();
  }

  // ---------------------------------------------------------------- what it is

  VmState state() {
    return state;
  }

  void setState(VmState newState) {
    state = newState;
  }

  public String name() {
    return state.name();
  }

  public Datastore datastore() {
    return state.datastore();
  }

  /** Its directory, relative to the datastore. */
  public String directory() {
    return state.directory();
  }

  /** The {@code .vmx}, or the {@code .vmtx} of a template, relative to the datastore. */
  public String configurationPath() {
    return state.configurationPath();
  }

  public GuestSpec guest() {
    return state.guest();
  }

  public GuestConfiguration configuration() {
    return state.configuration();
  }

  public boolean poweredOn() {
    return state.poweredOn();
  }

  /** Whether its configuration is a {@code .vmtx}. */
  public boolean isTemplate() {
    return state.template();
  }

  public List<VirtualDisk> disks() {
    return state.disks();
  }

  /** Names of the files in its directory, as the array lists them. */
  public List<String> files() {
    return datastore().list(directory());
  }

  /**
   * Checks that no other host runs the VM or works on it. Does nothing if this host does.
   *
   * @throws DatastoreException LOCKED, with the holder's name, if one does
   */
  public void requireUnlocked() {
    power.requireUnlocked();
  }

  /** A task works on the VM until this is closed. */
  public interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Keeps other hosts from starting or changing the VM while a task works on it. If another host
   * changed it since this one read its files, they are read anew.
   *
   * @throws DatastoreException LOCKED, with the holder's name, if another host has it
   */
  public Hold hold() {
    return power.hold();
  }

  /**
   * As {@link #hold}, for a task that deletes the VM, some of whose files may be gone already.
   *
   * @throws DatastoreException LOCKED, with the holder's name, if another host has it
   */
  public Hold holdToDelete() {
    return power.holdToDelete();
  }

  // ---------------------------------------------------------------- power and configuration

  /**
   * Takes the locks and starts the guest. Does nothing if it runs.
   *
   * @throws DatastoreException LOCKED if another host runs it, DAMAGED if a disk does not open
   */
  public void powerOn() {
    power.on();
  }

  /** Stops the guest and removes the locks. Does nothing if it is off. */
  public void powerOff() {
    power.off();
  }

  /** The guest starts again; the host keeps its locks. */
  public void reset() {
    power.reset();
  }

  /**
   * Changes the guest's configuration, and the .vmx if the change appears there. The VM may be
   * running.
   */
  public void reconfigure(GuestConfiguration newConfiguration) {
    new ConfigurationChange(this).reconfigure(newConfiguration);
  }

  /**
   * Makes the VM a template, or a template a VM: its configuration is a {@code .vmtx} or a {@code
   * .vmx}. It must be off.
   */
  public void markAsTemplate(boolean template) {
    new ConfigurationChange(this).markAsTemplate(template);
  }

  /** Changes the configuration's file and the list of snapshots, or neither. Needs the lock. */
  void changeConfiguration(VmState newState) {
    new ConfigurationChange(this).changeTo(newState);
  }

  void writeConfiguration() {
    new ConfigurationChange(this).write();
  }

  // ---------------------------------------------------------------- the guest writes

  /**
   * The guest writes the used part of each disk; returns when all of it is on stable storage.
   *
   * @param progress is told about all disks together
   */
  public void writeGuestData(TransferProgress progress) {
    lock.lock();
    try {
      guestIo.install(progress);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The guest writes a range of one disk once more, with a new generation.
   *
   * @param offsetBytes a multiple of 512
   * @param lengthBytes a multiple of 512
   */
  public void overwriteGuestData(int diskIndex, long offsetBytes, long lengthBytes) {
    lock.lock();
    try {
      guestIo.overwrite(diskIndex, offsetBytes, lengthBytes);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The running guest does I/O, in order. Writes of one call that overlap write the same. A TRIM
   * that was refused is not sent again to that disk before the guest starts again.
   *
   * @return what was done; nothing if the VM is off
   */
  public GuestIoResult perform(List<GuestIo> ios) {
    lock.lock();
    try {
      return poweredOn() ? guestIo.perform(ios) : GuestIoResult.NOTHING;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Says what the disks and snapshots hold: the same as those of another VM object that has the
   * same files.
   */
  public void adoptContentsOf(VirtualMachine same) {
    lock.lock();
    try {
      for (int i = 0; i < disks().size(); i++) {
        disks().get(i).knowContents(same.disks().get(i).contents());
      }
      state = state.withSnapshots(state.snapshots().withContentsOf(same.state.snapshots()));
      lastGeneration.accumulateAndGet(same.lastGeneration.get(), Math::max);
    } finally {
      lock.unlock();
    }
  }

  // ---------------------------------------------------------------- snapshots

  /** The snapshots, in the order in which they were taken. */
  public List<VmSnapshot> snapshots() {
    return state.snapshots().snapshots();
  }

  /** The id of the snapshot that the live state came from; 0 without one. */
  public int currentSnapshotId() {
    return state.snapshots().currentId();
  }

  /** Takes a snapshot that stays until it is removed. */
  public VmSnapshot takeSnapshot(SnapshotSpec spec, TaskContext context) {
    return new SnapshotWork(this).take(spec, context);
  }

  /** The same, with neither memory nor quiescing. */
  public VmSnapshot takeSnapshot(String snapshotName) {
    return takeSnapshot(SnapshotSpec.named(snapshotName), TaskContext.NONE);
  }

  /**
   * Goes back to a snapshot. What came after it and has no snapshot is lost. The VM is off
   * afterwards unless the snapshot has memory.
   */
  public void revertTo(int snapshotId, TaskContext context) {
    new SnapshotRevert(this).revertTo(snapshotId, context);
  }

  /** Removes snapshots and merges what only they kept apart. */
  public void removeSnapshots(Set<Integer> ids, TaskContext context) {
    new SnapshotWork(this).remove(ids, context);
  }

  /** Removes all snapshots. */
  public void removeSnapshots() {
    Set<Integer> all = new HashSet<>();
    snapshots().forEach(snapshot -> all.add(snapshot.id()));
    if (!all.isEmpty()) {
      removeSnapshots(all, TaskContext.NONE);
    }
  }

  /** A snapshot and those that were taken on it. */
  public Set<Integer> snapshotBranch(int snapshotId) {
    return state.snapshots().branchOf(snapshotId);
  }

  /** Merges and removes redo logs that no snapshot needs. */
  public void consolidate(TaskContext context) {
    new DiskConsolidation(this).run(context);
  }

  /** Whether there is something to consolidate, after a task that could not finish that. */
  public boolean consolidationNeeded() {
    return new DiskConsolidation(this).isNeeded();
  }

  /** Layers of this VM's disks that linked clones read: they stay as they are. */
  Set<String> pinnedPaths() {
    return linkedClones.readPaths();
  }

  /** Makes this VM keep what a linked clone reads. */
  public void addLinkedClone(VirtualMachine clone) {
    linkedClones.add(clone);
  }

  /** Lets go of what a linked clone read, or another object for the same files. */
  public void removeLinkedClone(VirtualMachine clone) {
    linkedClones.remove(clone);
  }

  /** VMs that share disks of this one; a clone that moved away does no longer. */
  public List<VirtualMachine> linkedClones() {
    return linkedClones.list().stream().filter(clone -> clone.isLinkedTo(this)).toList();
  }

  /** Whether a disk of this VM has a parent in the directory of another VM. */
  public boolean isLinkedTo(VirtualMachine other) {
    return LinkedClones.isLinked(this, other);
  }

  /**
   * Makes a linked clone of a snapshot: its disks are redo logs, or lazy clones, on the snapshot's.
   */
  public VirtualMachine linkedClone(
      String cloneName, VmSnapshot snapshot, boolean allowNative, TaskContext context) {
    return new LinkedCloneWork(this, cloneName, snapshot, allowNative).make(context);
  }

  // ---------------------------------------------------------------- disks

  /** Grows a disk of a VM without snapshots; the guest may be running. */
  public void extendDisk(int diskIndex, long newBytes) {
    new DiskWork(this, diskIndex).extend(newBytes);
  }

  /** Has the array make a thin disk thick, eagerly zeroed. */
  public void inflateDisk(int diskIndex) {
    new DiskWork(this, diskIndex).inflate();
  }

  /** Starts or stops tracking which blocks change, on all disks ({@code ctkEnabled}). */
  public void trackChanges(boolean enabled) {
    new ConfigurationChange(this).trackChanges(enabled);
  }

  /** The guest trims ranges of a disk, in order. */
  public DiskTrim.Result trim(int diskIndex, List<DiskRange> ranges) {
    lock.lock();
    try {
      return disks().get(diskIndex).trim(ranges, !snapshots().isEmpty());
    } finally {
      lock.unlock();
    }
  }

  int nextGeneration() {
    return lastGeneration.incrementAndGet();
  }

  /** Needs the lock. */
  SplittableRandom random() {
    return random;
  }

  SplittableRandom splitRandom() {
    lock.lock();
    try {
      return random.split();
    } finally {
      lock.unlock();
    }
  }

  RedoLogFormat redoLogFormat(VirtualDisk disk) {
    return RedoLogFormat.defaultOf(host.version(), disk.provisionedBytes());
  }

  // ---------------------------------------------------------------- kept and put back

  /** What a host remembers of the VM, apart from its files: opaque. */
  public static final class Saved {
    private final VmState state;
    private final List<DiskState> disks;
    private final List<VirtualMachine> linkedClones;

    private Saved(VmState state, List<DiskState> disks, List<VirtualMachine> linkedClones) {
      this.state = state;
      this.disks = disks;
      this.linkedClones = linkedClones;
    }
  }

  /** What the host remembers of the VM now. No call to the array. */
  public Saved save() {
    lock.lock();
    try {
      return new Saved(
          state, disks().stream().map(VirtualDisk::save).toList(), linkedClones.list());
    } finally {
      lock.unlock();
    }
  }

  /** Makes the host remember what it did at a save. No call to the array. */
  public void restore(Saved saved) {
    lock.lock();
    try {
      state = saved.state;
      for (int i = 0; i < saved.disks.size(); i++) {
        saved.state.disks().get(i).restore(saved.disks.get(i));
      }
      linkedClones.set(saved.linkedClones);
    } finally {
      lock.unlock();
    }
  }
}
