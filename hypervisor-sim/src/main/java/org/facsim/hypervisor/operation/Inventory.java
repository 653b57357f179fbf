/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.vm.VirtualMachine;

/**
 * The VMs that a host knows, and who uses them. A task that changes a VM has it alone. Tasks that
 * only read a VM which is powered off, such as clones of a template, may have it together.
 * Thread-safe.
 */
final class Inventory {
  /** Stands for a task that has a VM alone. */
  private static final int ALONE = -1;

  // All guarded by this.
  private final Map<Integer, RegisteredVm> vmById = new TreeMap<>();
  private final Map<VirtualMachine, Integer> usersByVm = new HashMap<>();
  private int lastId;

  /** How a task uses a VM. */
  enum Use {
    ALONE,
    SHARED
  }

  /** Adds a VM; does nothing if it is there. */
  synchronized RegisteredVm add(VirtualMachine vm, boolean template) {
    Optional<RegisteredVm> known = entryOf(vm);
    if (known.isPresent()) {
      return known.get();
    }
    RegisteredVm entry = new RegisteredVm(++lastId, vm, template);
    vmById.put(entry.id(), entry);
    return entry;
  }

  /**
   * Adds a VM that was read from its files.
   *
   * @throws MethodFaultException AlreadyExists if a VM of the same files is there
   */
  synchronized void addRead(VirtualMachine vm) {
    requireUnknown(vm.datastore(), vm.configurationPath());
    add(vm, vm.isTemplate());
  }

  /**
   * Checks that no VM has a configuration.
   *
   * @throws MethodFaultException AlreadyExists
   */
  synchronized void requireUnknown(Datastore datastore, String configurationPath) {
    for (RegisteredVm entry : vmById.values()) {
      if (entry.vm().datastore() == datastore
          && entry.vm().configurationPath().equals(configurationPath)) {
        throw new MethodFaultException(
            FaultType.ALREADY_EXISTS,
            "[%s] %s is registered as %s"
                .formatted(datastore.name(), configurationPath, entry.name()));
      }
    }
  }

  synchronized void remove(VirtualMachine vm) {
    vmById.values().removeIf(entry -> entry.vm() == vm);
  }

  synchronized void setTemplate(VirtualMachine vm, boolean template) {
    vmById.replaceAll((id, entry) -> entry.vm() == vm ? new RegisteredVm(id, vm, template) : entry);
  }

  synchronized List<RegisteredVm> list() {
    return new ArrayList<>(vmById.values());
  }

  synchronized Optional<RegisteredVm> entryOf(VirtualMachine vm) {
    return vmById.values().stream().filter(entry -> entry.vm() == vm).findAny();
  }

  synchronized boolean isTemplate(VirtualMachine vm) {
    return entryOf(vm).map(RegisteredVm::template).orElse(false);
  }

  /**
   * Reserves a VM for a task.
   *
   * @throws MethodFaultException TaskInProgress if the use does not go with another task's
   */
  synchronized void enter(VirtualMachine vm, Use use) {
    int users = usersByVm.getOrDefault(vm, 0);
    if (users == ALONE || (users > 0 && use == Use.ALONE)) {
      throw new MethodFaultException(
          FaultType.TASK_IN_PROGRESS, "another task uses %s".formatted(vm.name()));
    }
    usersByVm.put(vm, use == Use.ALONE ? ALONE : users + 1);
  }

  /** Ends a use. */
  synchronized void leave(VirtualMachine vm) {
    int users = usersByVm.getOrDefault(vm, 0);
    if (users <= 1) {
      usersByVm.remove(vm);
    } else {
      usersByVm.put(vm, users - 1);
    }
  }

  synchronized void clear() {
    vmById.clear();
  }

  synchronized boolean isIdle() {
    return usersByVm.isEmpty();
  }

  /** The inventory at one moment. */
  record Saved(List<RegisteredVm> entries, int lastId) {}

  synchronized Saved save() {
    return new Saved(list(), lastId);
  }

  synchronized void restore(Saved saved) {
    vmById.clear();
    saved.entries().forEach(entry -> vmById.put(entry.id(), entry));
    lastId = saved.lastId();
  }
}
