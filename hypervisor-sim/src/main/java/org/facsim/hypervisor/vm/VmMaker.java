/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.guest.DiskContents;

/** Makes new VMs. */
final class VmMaker {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private VmMaker() {}

  /** Makes the directory and files of a VM, or nothing. */
  static VirtualMachine make(VmHost host, Datastore datastore, VmSpec spec) {
    SplittableRandom random = new SplittableRandom(spec.seed());
    datastore.makeDirectory(spec.name());
    try {
      List<VirtualDisk> disks = new ArrayList<>();
      for (int i = 0; i < spec.disks().size(); i++) {
        disks.add(disk(datastore, spec, i, random));
      }
      VmState state =
          VmState.made(
              datastore,
              spec,
              VmxFile.create(spec.name(), spec.guest(), random),
              VmxFile.nodes(spec.configuration().controller(), disks.size()),
              disks);
      VirtualMachine vm = new VirtualMachine(host, state, random, new AtomicInteger());
      vm.writeNewFiles();
      return vm;
    } catch (DatastoreException e) {
      datastore.removeTree(spec.name(), e);
      throw e;
    }
  }

  private static VirtualDisk disk(
      Datastore datastore, VmSpec spec, int index, SplittableRandom random) {
    DiskSpec disk = spec.disks().get(index);
    return NewDisk.create(
        datastore,
        spec.name(),
        VmFiles.diskStem(spec.name(), index),
        disk.format(),
        DiskContents.empty(disk.provisionedBytes(), spec.seed() + index * GOLDEN_GAMMA),
        true,
        random);
  }
}
