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

  public final MovingClock clock = new MovingClock();
  private final FakeMount mount = new FakeMount(HostTime.system(clock));
  public final InHeapFileService files = mount.files;
  public final FakeOffload offload = mount.offload;
  public final Datastore datastore = mount.datastore;
  private final HostOptions options;
  public final LockKeeper locks;
  public final VmHost vmHost;
  public final VmOperations operations;

  public Rig() {
    this(CloneOffloadPolicy.esxi());
  }

  public Rig(CloneOffloadPolicy policy) {
    files.clock = clock;
    options = HostOptions.named("esx1").withClock(clock).withCloneOffloadPolicy(policy);
    locks = new LockKeeper(mount.host);
    vmHost = new VmHost(locks, options.version(), clock, GuestFile.shipped());
    operations = new VmOperations("esx1", vmHost, options.clonePolicies());
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
