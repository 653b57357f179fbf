/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops a VM. While it runs, the host holds the locks of its {@code .vmx} and of the
 * data files of its live disks, and its {@code .vswp} is there.
 */
final class VmPower {
  private static final Logger logger = LoggerFactory.getLogger(VmPower.class);

  private final VirtualMachine vm;
  private final VmLog log;

  VmPower(VirtualMachine vm) {
    this.vm = vm;
    this.log = new VmLog(vm);
  }

  /** The log of the running VM. */
  VmLog log() {
    return log;
  }

  void on() {
    vm.lock.lock();
    try {
      VmState now = vm.state();
      if (now.poweredOn()) {
        return;
      }
      for (VirtualDisk disk : now.disks()) {
        disk.open();
      }
      List<DatastoreFile> files = lockedFiles(now);
      vm.host.locks().lockAll(now.datastore(), files);
      try {
        VmFiles.createOrOpen(now.datastore(), now.swapPath())
            .setSizeBytes((long) memoryMib(now) << 20);
      } catch (DatastoreException e) {
        VmFiles.removeQuietly(now.datastore(), now.swapPath(), e);
        unlockQuietly(now.datastore(), files, e);
        throw e;
      }
      vm.setState(now.withPower(true));
      vm.guestIo.started();
      log.open();
      log.line("Log for VMware ESX version=%s".formatted(vm.host.version()));
      log.line("PowerOn: displayName = \"%s\"".formatted(now.name()));
    } finally {
      vm.lock.unlock();
    }
  }

  void requireUnlocked() {
    vm.lock.lock();
    try {
      VmState now = vm.state();
      if (!now.poweredOn()) {
        DatastoreFile configuration = now.datastore().open(now.configurationPath());
        vm.host.locks().lock(now.datastore(), configuration);
        vm.host.locks().unlock(now.datastore(), configuration);
      }
    } finally {
      vm.lock.unlock();
    }
  }

  private static int memoryMib(VmState vm) {
    try {
      return Math.max(4, vm.text().number("memSize").orElse(VmxFile.MEMORY_MIB));
    } catch (IllegalArgumentException e) {
      return VmxFile.MEMORY_MIB;
    }
  }

  private static List<DatastoreFile> lockedFiles(VmState vm) {
    List<DatastoreFile> files = new ArrayList<>();
    files.add(vm.datastore().open(vm.configurationPath()));
    vm.disks().forEach(disk -> files.addAll(disk.dataFiles()));
    return files;
  }

  /**
   * Stops the guest, whatever the array says. A file that cannot be removed stays: the swap file is
   * used again, and a lock becomes stale.
   */
  void off() {
    vm.lock.lock();
    try {
      VmState now = vm.state();
      if (!now.poweredOn()) {
        return;
      }
      log.line("PowerOff");
      log.close();
      vm.setState(now.withPower(false));
      DatastoreException failure = closeDisks(now);
      try {
        now.datastore().remove(now.swapPath());
      } catch (DatastoreException e) {
        failure = failure == null ? e : failure;
      }
      failure = unlockAll(now, failure);
      if (failure != null) {
        logger.warn("{} is off, and leaves a file: {}", now.name(), failure.getMessage());
      }
    } finally {
      vm.lock.unlock();
    }
  }

  private static DatastoreException closeDisks(VmState now) {
    DatastoreException failure = null;
    for (VirtualDisk disk : now.disks()) {
      try {
        disk.close();
      } catch (DatastoreException e) {
        failure = e;
      }
    }
    return failure;
  }

  /** Gives back all locks of a place that the VM has left. */
  void unlockAll(VmState place) {
    DatastoreException left = unlockAll(place, null);
    if (left != null) {
      logger.warn("{} leaves a lock: {}", place.name(), left.getMessage());
    }
  }

  private DatastoreException unlockAll(VmState now, DatastoreException before) {
    DatastoreException failure = before;
    for (VirtualDisk disk : now.disks()) {
      for (DatastoreFile file : disk.dataFiles()) {
        failure = unlock(now.datastore(), file, failure);
      }
    }
    try {
      DatastoreFile configuration = now.datastore().open(now.configurationPath());
      return unlock(now.datastore(), configuration, failure);
    } catch (DatastoreException e) {
      return failure == null ? e : failure;
    }
  }

  private DatastoreException unlock(
      Datastore datastore, DatastoreFile file, DatastoreException before) {
    try {
      vm.host.locks().unlock(datastore, file);
      return before;
    } catch (DatastoreException e) {
      return before == null ? e : before;
    }
  }

  private void unlockQuietly(
      Datastore datastore, List<DatastoreFile> files, DatastoreException failure) {
    for (DatastoreFile file : files) {
      DatastoreException left = unlock(datastore, file, null);
      if (left != null) {
        failure.addSuppressed(left);
      }
    }
  }

  void reset() {
    vm.lock.lock();
    try {
      vm.guestIo.started();
      log.line("Chipset: The guest has requested that the virtual machine be hard reset.");
    } finally {
      vm.lock.unlock();
    }
  }

  /** Locks a data file that has become one of the running VM's. */
  void lock(DatastoreFile file) {
    if (vm.poweredOn()) {
      vm.host.locks().lock(vm.datastore(), file);
    }
  }

  /** Gives the lock of a data file back that is none of the running VM's any more. */
  void unlock(DatastoreFile file) {
    DatastoreException left = unlock(vm.datastore(), file, null);
    if (left != null) {
      logger.warn("{} leaves a lock: {}", vm.name(), left.getMessage());
    }
  }
}
