/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import java.time.Clock;
import org.facsim.hypervisor.clone.ClonePolicies;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.TaskContext;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSnapshot;

/** What the tasks of {@link VmOperations} do. */
final class Bodies {
  private final Inventory inventory;

  Bodies(Inventory inventory, LockKeeper locks, ClonePolicies policies, Clock clock) {
    this.inventory = inventory;
  }

  void requireOff(VirtualMachine vm, String what) {
    if (vm.poweredOn()) {
      throw new MethodFaultException(
          FaultType.INVALID_POWER_STATE,
          "%s: %s is poweredOn; allowed: poweredOff".formatted(what, vm.name()));
    }
  }

  void requireOn(VirtualMachine vm, String what) {
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

  private static MethodFaultException notYet(String what) {
    return new MethodFaultException(FaultType.NOT_SUPPORTED, what + " is not supported yet");
  }

  VirtualMachine register(RegisterRequest request) {
    throw notYet("register");
  }

  Void destroy(VirtualMachine vm, TaskContext context) {
    requireOff(vm, "destroy");
    context.commit();
    DatastoreException failure =
        new DatastoreException(DatastoreError.FILE_ERROR, vm.name() + " is not gone");
    vm.datastore().removeTree(vm.directory(), failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
    inventory.remove(vm);
    return null;
  }

  VmSnapshot snapshot(VirtualMachine vm, SnapshotRequest request, TaskContext context) {
    throw notYet("snapshot");
  }

  VmSnapshot currentSnapshot(VirtualMachine vm) {
    throw notYet("revert");
  }

  Void revert(VirtualMachine vm, int snapshotId, TaskContext context) {
    throw notYet("revert");
  }

  Void removeSnapshot(VirtualMachine vm, int id, boolean removeChildren, TaskContext context) {
    throw notYet("remove snapshot");
  }

  Void removeAllSnapshots(VirtualMachine vm, TaskContext context) {
    throw notYet("remove snapshots");
  }

  Void consolidate(VirtualMachine vm, TaskContext context) {
    throw notYet("consolidate");
  }

  VirtualMachine linkedClone(
      VirtualMachine source, LinkedCloneRequest request, TaskContext context) {
    throw notYet("linked clone");
  }

  Void markAsTemplate(VirtualMachine vm, boolean template) {
    requireOff(vm, "mark as template");
    inventory.setTemplate(vm, template);
    return null;
  }

  RelocateResult relocate(VirtualMachine vm, RelocateRequest request, TaskContext context) {
    throw notYet("relocate");
  }
}
