/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts and stops a VM. While it runs, the host holds the locks of its {@code .vmx} and of the
 * data files of its live disks, and its {@code .vswp} is there. While a task works on a VM that is
 * off, the host holds the lock of the {@code .vmx}, so that no other host starts the VM meanwhile.
 */
final class VmPower {
  private static final Logger logger = LoggerFactory.getLogger(VmPower.class);

  private final VirtualMachine vm;
  private final VmLog log;

  /**
   * Tasks that work on the VM; the lock of the configuration is theirs. Guarded by the VM's lock.
   */
  private int holders;

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
      if (vm.poweredOn()) {
        return;
      }
      List<DatastoreFile> files = lockForRunning();
      VmState now = vm.state();
      try {
        for (VirtualDisk disk : now.disks()) {
          disk.open();
        }
        VmFiles.createOrOpen(now.datastore(), now.swapPath())
            .setSizeBytes((long) memoryMib(now) << 20);
      } catch (RuntimeException e) {
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

  /**
   * Takes the locks before anything is opened, because to open a disk can write, and the files may
   * be those of a VM that another host runs. The configuration comes first: who has it can trust
   * what it says.
   */
  private List<DatastoreFile> lockForRunning() {
    List<DatastoreFile> files = new ArrayList<>();
    try {
      if (holders == 0) {
        files.add(lockConfiguration());
        readAnew();
      }
      for (VirtualDisk disk : vm.state().disks()) {
        for (DatastoreFile file : disk.dataFiles()) {
          vm.host.locks().lock(vm.datastore(), file);
          files.add(file);
        }
      }
      return files;
    } catch (RuntimeException e) {
      unlockQuietly(vm.datastore(), files, e);
      throw e;
    }
  }

  private DatastoreFile lockConfiguration() {
    VmState now = vm.state();
    DatastoreFile configuration = now.datastore().open(now.configurationPath());
    vm.host.locks().lock(now.datastore(), configuration);
    return configuration;
  }

  /** Another host may have changed the VM since this one read it. */
  private void readAnew() {
    VmState now = vm.state();
    VmOpener opener = new VmOpener(vm.host, now.datastore(), now.configurationPath());
    if (!opener.isAsKnown(now)) {
      logger.info("{} was changed by another host", now.name());
      vm.setState(opener.open().state());
    }
  }

  /**
   * Keeps other hosts from starting or changing the VM while a task works on it.
   *
   * @throws DatastoreException LOCKED, with the holder's name, if one does
   */
  VirtualMachine.Hold hold() {
    return hold(this::lockAndReadAnew);
  }

  /**
   * The same for a task that deletes the VM. Its files are not read: some may be gone already,
   * because an earlier task could not delete them all.
   */
  VirtualMachine.Hold holdToDelete() {
    return hold(this::lockIfThere);
  }

  private VirtualMachine.Hold hold(Runnable locking) {
    vm.lock.lock();
    try {
      VmState place = vm.state();
      if (holders == 0 && !place.poweredOn()) {
        locking.run();
      }
      holders++;
      return () -> letGo(place);
    } finally {
      vm.lock.unlock();
    }
  }

  private void lockAndReadAnew() {
    Datastore datastore = vm.datastore();
    DatastoreFile configuration = lockConfiguration();
    try {
      readAnew();
    } catch (RuntimeException e) {
      unlockQuietly(datastore, List.of(configuration), e);
      throw e;
    }
  }

  /** Without a configuration, no other host can start the VM. */
  private void lockIfThere() {
    try {
      var unused = lockConfiguration();
    } catch (DatastoreException e) {
      if (e.error() != DatastoreError.NOT_FOUND) {
        throw e;
      }
    }
  }

  private void letGo(VmState place) {
    vm.lock.lock();
    try {
      holders--;
      if (holders == 0 && !vm.poweredOn()) {
        vm.host.locks().unlock(place.datastore(), place.configurationPath());
      }
    } catch (DatastoreException e) {
      logger.warn("{} leaves a lock: {}", vm.name(), e.getMessage());
    } finally {
      vm.lock.unlock();
    }
  }

  /** Whether no other host runs the VM or works on it; a task that holds it knows already. */
  void requireUnlocked() {
    hold().close();
  }

  private static int memoryMib(VmState vm) {
    try {
      return Math.max(4, vm.text().number("memSize").orElse(VmxFile.MEMORY_MIB));
    } catch (IllegalArgumentException e) {
      return VmxFile.MEMORY_MIB;
    }
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
      failure = unlockDisks(now, failure);
      if (holders == 0) {
        failure = unlockConfiguration(now, failure);
      }
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
    DatastoreException left = unlockConfiguration(place, unlockDisks(place, null));
    if (left != null) {
      logger.warn("{} leaves a lock: {}", place.name(), left.getMessage());
    }
  }

  private DatastoreException unlockDisks(VmState now, DatastoreException before) {
    DatastoreException failure = before;
    for (VirtualDisk disk : now.disks()) {
      for (DatastoreFile file : disk.dataFiles()) {
        failure = unlock(now.datastore(), file, failure);
      }
    }
    return failure;
  }

  private DatastoreException unlockConfiguration(VmState now, DatastoreException before) {
    try {
      vm.host.locks().unlock(now.datastore(), now.configurationPath());
      return before;
    } catch (DatastoreException e) {
      return before == null ? e : before;
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
      Datastore datastore, List<DatastoreFile> files, RuntimeException failure) {
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
