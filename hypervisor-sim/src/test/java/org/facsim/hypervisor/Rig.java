/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.util.List;
import org.facsim.hypervisor.catalog.GuestFile;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.clone.CloneVmTask;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.FakeMount;
import org.facsim.hypervisor.datastore.FakeOffload;
import org.facsim.hypervisor.datastore.InHeapFileService;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.datastore.MovingClock;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.mover.Verification;
import org.facsim.hypervisor.operation.VmOperations;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmHost;
import org.facsim.hypervisor.vm.VmSpec;

/** A host's parts around a fake datastore. */
public final class Rig implements AutoCloseable {
  public static final long MIB = 1 << 20;

  public final MovingClock clock;
  private final FakeMount mount;
  public final InHeapFileService files;
  public final FakeOffload offload;
  public final Datastore datastore;
  private final HostOptions options;
  public final LockKeeper locks;
  public final VmHost vmHost;
  public final VmOperations operations;

  public Rig() {
    this(CloneOffloadPolicy.esxi());
  }

  public Rig(CloneOffloadPolicy policy) {
    this(policy, new MovingClock());
  }

  private Rig(CloneOffloadPolicy policy, MovingClock clock) {
    this("esx1", policy, clock, new FakeMount(HostTime.system(clock)));
  }

  private Rig(String hostName, CloneOffloadPolicy policy, MovingClock clock, FakeMount mount) {
    this.clock = clock;
    this.mount = mount;
    files = mount.files;
    offload = mount.offload;
    datastore = mount.datastore;
    files.clock = clock;
    options = HostOptions.named(hostName).withClock(clock).withCloneOffloadPolicy(policy);
    locks = new LockKeeper(mount.host);
    vmHost = new VmHost(locks, options.version(), clock, GuestFile.shipped());
    operations = new VmOperations(hostName, vmHost, options.clonePolicies());
  }

  /** Another host on the same files and clock. */
  public Rig beside(String hostName) {
    return new Rig(
        hostName, CloneOffloadPolicy.esxi(), clock, mount.on(hostName, HostTime.system(clock)));
  }

  public VirtualMachine vm(String name, GuestSpec guest, DiskSpec... disks) {
    VmSpec spec = new VmSpec(name, guest, GuestConfiguration.standard(), List.of(disks), 42);
    return VirtualMachine.create(vmHost, datastore, spec);
  }

  /** A VM whose guest has written its disks, running. */
  public VirtualMachine running(String name, GuestSpec guest, DiskSpec... disks) {
    VirtualMachine vm = vm(name, guest, disks);
    vm.powerOn();
    vm.writeGuestData(TransferProgress.NONE);
    return vm;
  }

  public CloneResult cloneOf(VirtualMachine source, String name) {
    return task(source, new CloneRequest(name, datastore)).run();
  }

  public CloneVmTask task(VirtualMachine source, CloneRequest request) {
    return new CloneVmTask(options.clonePolicies(), clock, source, request);
  }

  public Verification verify(VirtualMachine vm, int disk) {
    VirtualDisk checked = vm.disks().get(disk);
    return new DiskVerifier(datastore).verifyAll(checked.descriptorPath(), checked.contents());
  }

  @Override
  public void close() {
    operations.close();
    locks.close();
  }
}
