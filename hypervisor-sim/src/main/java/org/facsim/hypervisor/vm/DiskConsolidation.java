/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.task.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the steps of {@link ConsolidationPlan} for all disks of a VM, one after the other.
 *
 * <p>A merge has these steps, and after each the VM reads what it read before:
 *
 * <ol>
 *   <li>the child's data is copied into the layer below. Readers of the child see the same bytes,
 *       because the child covers what was written;
 *   <li>the {@code .vmx} and {@code .vmsd} name the layer below where they named the child;
 *   <li>the descriptors of the child's children name the layer below as their parent. Its content
 *       id stays the same until nothing stands on it;
 *   <li>the child's files are removed.
 * </ol>
 *
 * <p>A crash or a failure between two steps therefore costs space and another consolidation, never
 * data. Known flaw: the guest waits while its live layer is merged; a real host merges a large one
 * in several rounds.
 */
final class DiskConsolidation {
  private static final Logger log = LoggerFactory.getLogger(DiskConsolidation.class);

  private final VirtualMachine vm;

  DiskConsolidation(VirtualMachine vm) {
    this.vm = vm;
  }

  boolean isNeeded() {
    vm.lock.lock();
    try {
      VmState now = vm.state();
      if (now.orphans()) {
        return true;
      }
      for (int i = 0; i < now.disks().size(); i++) {
        if (next(i).isPresent()) {
          return true;
        }
      }
      return false;
    } finally {
      vm.lock.unlock();
    }
  }

  private Optional<ConsolidationPlan.Step> next(int diskIndex) {
    VirtualDisk disk = vm.state().disks().get(diskIndex);
    return ConsolidationPlan.next(disk.layers(), needed(diskIndex), vm.state().directory());
  }

  private Set<String> needed(int diskIndex) {
    VmState now = vm.state();
    VirtualDisk disk = now.disks().get(diskIndex);
    Set<String> needed = new HashSet<>(now.snapshots().descriptorsOf(diskIndex));
    needed.add(disk.descriptorPath());
    needed.addAll(vm.pinnedPaths());
    return needed;
  }

  /** Removes layers that nobody reads. Needs the lock. */
  void dropUnread() {
    for (int i = 0; i < vm.state().disks().size(); i++) {
      VirtualDisk disk = vm.state().disks().get(i);
      Optional<DiskLayer> unread =
          ConsolidationPlan.unread(disk.layers(), needed(i), vm.state().directory());
      while (unread.isPresent()) {
        drop(disk, unread.get());
        unread = ConsolidationPlan.unread(disk.layers(), needed(i), vm.state().directory());
      }
    }
  }

  /** Merges, and removes files that a failure left. */
  void run(TaskContext context) {
    vm.lock.lock();
    try {
      merge(context);
      removeOrphans();
    } finally {
      vm.lock.unlock();
    }
  }

  /** Merges. Needs the lock. */
  void merge(TaskContext context) {
    int disks = vm.state().disks().size();
    for (int i = 0; i < disks; i++) {
      boolean changed = false;
      Optional<ConsolidationPlan.Step> step = next(i);
      while (step.isPresent()) {
        changed |= take(i, step.get(), context);
        step = next(i);
      }
      context.progressPercent(90 * (i + 1) / disks);
      if (changed) {
        renewContentId(vm.state().disks().get(i));
      }
    }
  }

  /** Returns whether data was copied. */
  private boolean take(int diskIndex, ConsolidationPlan.Step step, TaskContext context) {
    VirtualDisk disk = vm.state().disks().get(diskIndex);
    if (step instanceof ConsolidationPlan.Step.Merge merge) {
      long copied =
          disk.copyIntoParent(
              merge.child(),
              merge.into(),
              (done, total) -> context.progressPercent((int) (90 * done / Math.max(1, total))));
      standFor(diskIndex, merge.child().path(), merge.into().path());
      for (DiskLayer grandchild : disk.layers().childrenOf(merge.child().path())) {
        disk.reparent(grandchild, merge.into().path());
      }
      drop(disk, merge.child());
      return copied > 0;
    }
    if (step instanceof ConsolidationPlan.Step.Detach detach) {
      disk.reparent(detach.child(), null);
      return false;
    }
    drop(disk, ((ConsolidationPlan.Step.Drop) step).layer());
    return false;
  }

  /** Makes the VM's files name one layer where they named another. */
  private void standFor(int diskIndex, String childPath, String parentPath) {
    VmState before = vm.state();
    VirtualDisk disk = before.disks().get(diskIndex);
    boolean isLive = disk.descriptorPath().equals(childPath);
    boolean isOfSnapshot = before.snapshots().descriptorsOf(diskIndex).contains(childPath);
    if (!isLive && !isOfSnapshot) {
      return;
    }
    if (isLive) {
      disk.switchTo(parentPath);
    }
    try {
      vm.changeConfiguration(
          before.withSnapshots(
              before
                  .snapshots()
                  .mapDisks(
                      each ->
                          each.descriptorPath().equals(childPath)
                              ? new VmSnapshot.Disk(
                                  parentPath, each.contents(), each.contentsKnown())
                              : each)));
    } catch (RuntimeException e) {
      if (isLive) {
        disk.switchTo(childPath);
        rewrite(e);
      }
      throw e;
    }
  }

  /** Writes the configuration once more, because it named the wrong layer when it was put back. */
  private void rewrite(RuntimeException failure) {
    try {
      vm.writeConfiguration();
    } catch (DatastoreException e) {
      failure.addSuppressed(e);
    }
  }

  private void drop(VirtualDisk disk, DiskLayer layer) {
    vm.power.unlock(layer.data());
    try {
      disk.drop(layer);
    } catch (DatastoreException e) {
      log.warn("{} needs consolidation: {}", vm.name(), e.getMessage());
      vm.setState(vm.state().withOrphans(true));
    }
  }

  private void renewContentId(VirtualDisk disk) {
    DiskLayer live = disk.live();
    if (live.kind() != DiskLayer.Kind.BASE
        || !disk.layers().childrenOf(live.path()).isEmpty()
        || vm.pinnedPaths().contains(live.path())) {
      return;
    }
    try {
      new BaseChange(disk).renewContentId(vm.random());
    } catch (DatastoreException e) {
      log.info("{} keeps its content id: {}", live.path(), e.getMessage());
    }
  }

  /** Removes redo logs, their tracking files and state files that nothing names. */
  private void removeOrphans() {
    VmState now = vm.state();
    Set<String> known = new HashSet<>();
    now.snapshots().snapshots().forEach(each -> known.add(each.stateFileName()));
    now.snapshots().snapshots().stream()
        .filter(VmSnapshot::memory)
        .forEach(each -> known.add(each.stateFileName().replaceAll("vmsn$", "vmem")));
    for (VirtualDisk disk : now.disks()) {
      for (DiskLayer layer : disk.layers().all()) {
        String descriptor = VmPaths.relative(now.directory(), layer.path());
        known.add(descriptor);
        known.add(ChangePeriods.fileName(descriptor));
        known.add(VmPaths.relative(now.directory(), layer.data().path()));
      }
    }
    Pattern ours = ours(now);
    for (String name : vm.files()) {
      if (ours.matcher(name).matches() && !known.contains(name)) {
        removeOrphan(now, name);
      }
    }
    vm.setState(vm.state().withOrphans(false));
  }

  private static Pattern ours(VmState vm) {
    List<String> stems = vm.disks().stream().map(disk -> Pattern.quote(disk.stem())).toList();
    return Pattern.compile(
        "(?:%s)-\\d{6}(?:-delta|-sesparse|-flat|-ctk)?\\.vmdk|%s-Snapshot\\d+\\.(?:vmsn|vmem)"
            .formatted(String.join("|", stems), Pattern.quote(vm.stem())));
  }

  private static void removeOrphan(VmState vm, String name) {
    try {
      vm.datastore().remove(Datastore.join(vm.directory(), name));
    } catch (DatastoreException e) {
      if (e.error() != DatastoreError.NOT_FOUND) {
        throw e;
      }
    }
  }
}
