/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;

/** Changes what the {@code .vmx} and the {@code .vmsd} of a VM say, or nothing. */
final class ConfigurationChange {
  private final VirtualMachine vm;

  ConfigurationChange(VirtualMachine vm) {
    this.vm = vm;
  }

  void reconfigure(GuestConfiguration newConfiguration) {
    vm.lock.lock();
    try {
      changeTo(vm.state().withConfiguration(newConfiguration));
    } finally {
      vm.lock.unlock();
    }
  }

  void markAsTemplate(boolean template) {
    vm.lock.lock();
    try {
      VmState before = vm.state();
      if (before.template() == template) {
        return;
      }
      VmState after = before.withTemplate(template);
      try {
        after.datastore().writeText(after.configurationPath(), VmFiles.vmx(after));
        before.datastore().remove(before.configurationPath());
        vm.setState(after);
      } catch (RuntimeException e) {
        VmFiles.removeQuietly(before.datastore(), after.configurationPath(), e);
        throw e;
      }
    } finally {
      vm.lock.unlock();
    }
  }

  /** Starts or stops tracking which blocks change, on all disks or on none. */
  void trackChanges(boolean enabled) {
    Undo undo = new Undo();
    vm.lock.lock();
    try {
      if (!vm.snapshots().isEmpty()) {
        throw new MethodFaultException(
            FaultType.INVALID_STATE,
            "changeTrackingEnabled: %s has snapshots; allowed: a VM without".formatted(vm.name()));
      }
      for (VirtualDisk disk : vm.disks()) {
        boolean before = disk.changeTracking().isPresent();
        undo.add(() -> disk.trackChanges(before));
        disk.trackChanges(enabled);
      }
      VmState now = vm.state();
      VmDictionary text = with(now.text(), "ctkEnabled", enabled);
      for (String node : now.nodes()) {
        text = with(text, node + ".ctkEnabled", enabled);
      }
      changeTo(now.withText(text));
    } catch (RuntimeException e) {
      undo.run(e);
      throw e;
    } finally {
      vm.lock.unlock();
    }
  }

  private static VmDictionary with(VmDictionary text, String key, boolean enabled) {
    return enabled ? text.with(key, "TRUE") : text.without(key);
  }

  /** Writes both files for another state, or those of the state before. Needs the lock. */
  void changeTo(VmState newState) {
    VmState before = vm.state();
    vm.setState(newState);
    try {
      write();
    } catch (RuntimeException e) {
      vm.setState(before);
      try {
        write();
      } catch (DatastoreException cleanup) {
        e.addSuppressed(cleanup);
      }
      throw e;
    }
  }

  void write() {
    VmState now = vm.state();
    now.datastore().writeText(now.configurationPath(), VmFiles.vmx(now));
    now.datastore().writeText(now.path(now.stem() + ".vmsd"), VmFiles.vmsd(now));
  }
}
