/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** A host's parts around a fake datastore. */
final class Rig implements AutoCloseable {
  static final long MIB = 1 << 20;

  final InHeapFileService files = new InHeapFileService();
  final FakeOffload offload = new FakeOffload(files);
  final Datastore datastore = new Datastore("ds", "array", "/datastore1", files, offload);
  final MovingClock clock = new MovingClock();
  final HostOptions options;
  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  final LockKeeper locks;

  Rig() {
    this(CloneOffloadPolicy.esxi());
  }

  Rig(CloneOffloadPolicy policy) {
    files.clock = clock;
    options = HostOptions.named("esx1").withClock(clock).withCloneOffloadPolicy(policy);
    locks = new LockKeeper("esx1", clock, scheduler);
  }

  VirtualMachine vm(String name, GuestOperatingSystem guest, DiskSpec... disks) {
    VmSpec spec = new VmSpec(name, guest, GuestConfiguration.standard(), List.of(disks), 42);
    return VirtualMachine.create(options, locks, datastore, spec);
  }

  /** A VM whose guest has written its disks, running. */
  VirtualMachine running(String name, GuestOperatingSystem guest, DiskSpec... disks) {
    VirtualMachine vm = vm(name, guest, disks);
    vm.powerOn();
    vm.writeGuestData(TransferProgress.NONE);
    return vm;
  }

  CloneResult cloneOf(VirtualMachine source, String name) {
    return new CloneVmTask(options, source, new CloneRequest(name, datastore)).run();
  }

  Verification verify(VirtualMachine vm, int disk) {
    VirtualDisk checked = vm.disks().get(disk);
    return new DiskVerifier(datastore).verifyAll(checked.descriptorPath(), checked.contents());
  }

  @Override
  public void close() {
    locks.close();
    scheduler.shutdownNow();
  }
}
