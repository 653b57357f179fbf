/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.facsim.hypervisor.clone.ClonePolicies;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.TaskContext;
import org.facsim.hypervisor.vm.SnapshotSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmHost;
import org.facsim.hypervisor.vm.VmSnapshot;

/** What the tasks of {@link VmOperations} do, apart from copies. */
final class Bodies {
  private final Inventory inventory;
  private final VmHost host;
  private final ClonePolicies policies;

  Bodies(Inventory inventory, VmHost host, ClonePolicies policies) {
    this.inventory = inventory;
    this.host = host;
    this.policies = policies;
  }

  // ---------------------------------------------------------------- what an operation requires

  static void requireOff(VirtualMachine vm, String what) {
    if (vm.poweredOn()) {
      throw new MethodFaultException(
          FaultType.INVALID_POWER_STATE,
          "%s: %s is poweredOn; allowed: poweredOff".formatted(what, vm.name()));
    }
  }

  static void requireOn(VirtualMachine vm, String what) {
    if (!vm.poweredOn()) {
      throw new MethodFaultException(
          FaultType.INVALID_POWER_STATE,
          "%s: %s is poweredOff; allowed: poweredOn".formatted(what, vm.name()));
    }
  }

  void requireNoTemplate(VirtualMachine vm, String what) {
    if (inventory.isTemplate(vm)) {
      throw new MethodFaultException(
          FaultType.NOT_SUPPORTED, "the template %s cannot be %s".formatted(vm.name(), what));
    }
  }

  static VmSnapshot requireSnapshot(VirtualMachine vm, int id) {
    return vm.snapshots().stream()
        .filter(snapshot -> snapshot.id() == id)
        .findAny()
        .orElseThrow(
            () ->
                new MethodFaultException(
                    FaultType.NOT_FOUND,
                    "%s has no snapshot %d; it has %s"
                        .formatted(
                            vm.name(), id, vm.snapshots().stream().map(VmSnapshot::id).toList())));
  }

  private static void requireNoLinkedClone(VirtualMachine vm, String what) {
    List<VirtualMachine> clones = vm.linkedClones();
    if (!clones.isEmpty()) {
      throw new MethodFaultException(
          FaultType.RESOURCE_IN_USE,
          "%s: %s uses disks of %s".formatted(what, clones.get(0).name(), vm.name()));
    }
  }

  // ---------------------------------------------------------------- inventory

  VirtualMachine register(RegisterRequest request) {
    inventory.requireUnknown(request.datastore(), request.path());
    VirtualMachine vm = VirtualMachine.open(host, request.datastore(), request.path());
    inventory.addRead(vm);
    for (RegisteredVm entry : inventory.list()) {
      link(vm, entry.vm());
      link(entry.vm(), vm);
    }
    return vm;
  }

  private static void link(VirtualMachine clone, VirtualMachine source) {
    if (clone.isLinkedTo(source)) {
      source.addLinkedClone(clone);
    }
  }

  void unregister(VirtualMachine vm) {
    requireOff(vm, "unregister");
    inventory.remove(vm);
  }

  Void destroy(VirtualMachine vm, TaskContext context) {
    requireOff(vm, "destroy");
    requireNoLinkedClone(vm, "destroy");
    context.commit();
    DatastoreException failure =
        new DatastoreException(DatastoreError.FILE_ERROR, vm.name() + " is not gone");
    vm.datastore().removeTree(vm.directory(), failure);
    if (failure.getSuppressed().length > 0
        && failure.getSuppressed()[0] instanceof DatastoreException first) {
      throw new DatastoreException(
          first.error(), "%s: %s".formatted(failure.getMessage(), first.getMessage()), first);
    }
    inventory.remove(vm);
    inventory.list().forEach(entry -> entry.vm().removeLinkedClone(vm));
    return null;
  }

  Void markAsTemplate(VirtualMachine vm, boolean template) {
    requireOff(vm, template ? "mark as template" : "mark as virtual machine");
    vm.markAsTemplate(template);
    inventory.setTemplate(vm, template);
    return null;
  }

  // ---------------------------------------------------------------- snapshots

  VmSnapshot snapshot(VirtualMachine vm, SnapshotRequest request, TaskContext context) {
    requireNoTemplate(vm, "snapshotted");
    boolean quiesces = request.quiesce() && vm.poweredOn() && !request.memory();
    QuiescePlan plan =
        quiesces
            ? policies
                .quiescePolicy()
                .plan(vm.guest(), vm.configuration(), vm.disks().size(), policies.version())
            : QuiescePlan.notNeeded();
    return vm.takeSnapshot(
        new SnapshotSpec(
            request.name(), request.description(), request.memory(), plan, request.allowNative()),
        context);
  }

  Void revert(VirtualMachine vm, int snapshotId, TaskContext context) {
    requireSnapshot(vm, snapshotId);
    vm.revertTo(snapshotId, context);
    return null;
  }

  static int currentSnapshot(VirtualMachine vm) {
    if (vm.currentSnapshotId() == 0) {
      throw new MethodFaultException(FaultType.NOT_FOUND, vm.name() + " has no snapshot");
    }
    return vm.currentSnapshotId();
  }

  Void removeSnapshot(VirtualMachine vm, int id, boolean removeChildren, TaskContext context) {
    requireSnapshot(vm, id);
    vm.removeSnapshots(removeChildren ? vm.snapshotBranch(id) : Set.of(id), context);
    return null;
  }

  Void removeAllSnapshots(VirtualMachine vm, TaskContext context) {
    Set<Integer> all = new HashSet<>();
    vm.snapshots().forEach(snapshot -> all.add(snapshot.id()));
    vm.removeSnapshots(all, context);
    return null;
  }

  Void consolidate(VirtualMachine vm, TaskContext context) {
    context.commit();
    vm.consolidate(context);
    return null;
  }

  // ---------------------------------------------------------------- copies

  VirtualMachine linkedClone(
      VirtualMachine source, LinkedCloneRequest request, TaskContext context) {
    VmSnapshot snapshot =
        requireSnapshot(source, request.snapshotId().orElseGet(() -> currentSnapshot(source)));
    VirtualMachine clone =
        source.linkedClone(request.name(), snapshot, request.allowNative(), context);
    // Also to those on which the source itself stands: it may move away from them.
    inventory.list().forEach(entry -> link(clone, entry.vm()));
    inventory.add(clone, false);
    return clone;
  }
}
