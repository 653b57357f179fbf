/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.array.FileSpace;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.catalog.GuestOperatingSystem;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.mover.Verification;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.NamedProfiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** An array of two volumes, a host with a datastore on the first, and a VM there, powered off. */
abstract class HostScenarios {
  static final long MIB = 1 << 20;
  static final DiskSpec DISK = new DiskSpec(16 * MIB, 8 * MIB);

  final List<CloneJobListener.Change> changes = Collections.synchronizedList(new ArrayList<>());
  FacsimArray array;
  SimulatedHost host;
  Datastore datastore;
  VirtualMachine source;

  @BeforeEach
  void start() throws Exception {
    array = builder().start();
  }

  ArrayBuilder builder() {
    return FacsimArray.builder()
        .volume("one", 1L << 30)
        .volume("two", 1L << 30)
        .cloneJobListener(changes::add)
        .nfsPort(0)
        .seed(1);
  }

  /** The host looks at the datastore when it mounts it, as hosts do. */
  final void connect(HostOptions options) {
    host = new SimulatedHost(options);
    datastore = host.mount("ds1", array.nfsAddress(), "/one");
    datastore.hardwareAcceleration();
    source = makeSource(host, datastore, DISK);
    source.powerOn();
    source.writeGuestData(TransferProgress.NONE);
    source.powerOff();
  }

  /** A VM called source, with one disk that is empty so far. */
  static VirtualMachine makeSource(SimulatedHost host, Datastore datastore, DiskSpec disk) {
    return host.createVm(
        datastore,
        new VmSpec(
            "source",
            GuestOperatingSystem.WINDOWS_7,
            GuestConfiguration.standard(),
            List.of(disk),
            7));
  }

  final void connect() {
    connect(HostOptions.named("esx1"));
  }

  @AfterEach
  void stop() {
    if (host != null) {
      host.close();
    }
    array.close();
  }

  final void profile(String volume, ArrayProfile profile) {
    array.offload().profiles().set(volume, profile);
  }

  final void profile(String name) {
    profile("one", NamedProfiles.find(name).orElseThrow());
  }

  static ArrayProfile copying(long bytesPerSecond) {
    return NamedProfiles.SHARING
        .draft()
        .fullClone(FullClone.COPY)
        .copyBytesPerSecond(bytesPerSecond)
        .freeze();
  }

  final Volume volume(String name) {
    return array.storage().volume(name).orElseThrow();
  }

  final FileSpace space(String volumeName, String path) {
    Volume volume = volume(volumeName);
    Inode at = volume.root();
    for (String name : path.split("/", -1)) {
      at = volume.names().lookup(Caller.ROOT, at, Name.of(name));
    }
    return volume.space().of(at);
  }

  static void assertWhole(VirtualMachine vm) {
    var disk = vm.disks().get(0);
    assertThat(new DiskVerifier(vm.datastore()).verifyAll(disk.descriptorPath(), disk.contents()))
        .isEqualTo(new Verification(DISK.provisionedBytes(), Optional.empty()));
  }
}
