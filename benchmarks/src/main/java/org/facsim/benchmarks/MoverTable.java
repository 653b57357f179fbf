/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.catalog.GuestOperatingSystem;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.InFlightWindow;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.datastore.UnstableTransfer;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.mover.SoftwareDataMover;
import org.facsim.hypervisor.mover.SoftwareDataMover.DiskCopy;
import org.facsim.hypervisor.mover.SoftwareDataMover.Zeros;
import org.facsim.hypervisor.vm.DiskChain;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;

/**
 * A host's data mover beside a plain copy through the same client, over loopback, in one process:
 * READs of 1 MiB whose bytes go into WRITEs of 1 MiB as they are, as many in flight as the mover
 * has. Plain copy and mover take turns; the median of the rounds' ratios counts.
 */
final class MoverTable {
  private static final long MIB = 1 << 20;
  private static final int CHUNK_BYTES = (int) MIB;
  private static final int IN_FLIGHT = 16;
  private static final double GOAL = 0.7;

  private final Datastore datastore;
  private final int mib;
  private final int rounds;
  private int copies;

  private MoverTable(Datastore datastore, int mib, int rounds) {
    this.datastore = datastore;
    this.mib = mib;
    this.rounds = rounds;
  }

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    int mib = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 512;
    int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 7;
    Machine.describe(out);
    Goals goals = measured(mib, rounds);
    goals.print(out);
    System.exit(goals.allMet() ? 0 : 1);
  }

  static Goals measured(int mib, int rounds) throws Exception {
    Goals goals = new Goals();
    try (FacsimArray array =
            FacsimArray.builder().volume("one", 4096L << 30).nfsPort(0).seed(1).start();
        SimulatedHost host = new SimulatedHost(HostOptions.named("esx1"))) {
      Datastore datastore = host.mount("one", array.nfsAddress(), "/one");
      new MoverTable(datastore, mib, rounds).measure(host, goals);
    }
    return goals;
  }

  private void measure(SimulatedHost host, Goals goals) {
    long bytes = mib * MIB;
    VirtualMachine full = vm(host, "full", new DiskSpec(bytes, bytes));
    VirtualMachine half = vm(host, "half", new DiskSpec(bytes, bytes / 2));
    VirtualMachine snapshots = vm(host, "snapshots", new DiskSpec(bytes, bytes));
    for (String name : List.of("one", "two")) {
      snapshots.takeSnapshot(name);
      for (long at = 0; at + MIB <= bytes; at += 4 * MIB) {
        snapshots.overwriteGuestData(0, at + (name.equals("one") ? 0 : MIB / 2), 64 << 10);
      }
    }
    VirtualMachine several =
        vm(host, "several", new DiskSpec(bytes / 2, bytes / 2), new DiskSpec(bytes / 2, bytes / 2));
    List<VirtualMachine> machines = List.of(full, half, snapshots, several);
    List<String> names =
        List.of(
            "a full disk",
            "a disk half of holes",
            "a disk with two redo logs, 64 KiB changed in 4 MiB",
            "two disks");
    plainCopy(full); // warm
    moverCopy(full);
    double[] plain = new double[rounds];
    double[][] ratios = new double[machines.size()][rounds];
    for (int round = 0; round < rounds; round++) {
      for (int which = 0; which < machines.size(); which++) {
        double before = plainCopy(full);
        double moved = moverCopy(machines.get(which));
        double after = plainCopy(full);
        plain[round] = (before + after) / 2;
        ratios[which][round] = plain[round] / moved;
      }
    }
    goals.note(
        Goals.text("plain 1 MiB READ and WRITE, %d in flight, %d MiB", IN_FLIGHT, mib),
        Goals.text("%.0f MiB/s", mib / median(plain)));
    for (int which = 0; which < machines.size(); which++) {
      double ratio = median(ratios[which]);
      double[] sorted = ratios[which].clone();
      Arrays.sort(sorted);
      goals.add(
          "data mover, " + names.get(which) + ", of plain",
          ">= 70 %",
          Goals.text(
              "%.0f %% (%.0f to %.0f in %d rounds)",
              100 * ratio, 100 * sorted[0], 100 * sorted[rounds - 1], rounds),
          ratio >= GOAL);
    }
  }

  private VirtualMachine vm(SimulatedHost host, String name, DiskSpec... disks) {
    VirtualMachine vm =
        host.createVm(
            datastore,
            new VmSpec(
                name,
                GuestOperatingSystem.WINDOWS_7,
                GuestConfiguration.standard(),
                List.of(disks),
                7));
    vm.writeGuestData(TransferProgress.NONE);
    return vm;
  }

  /** Seconds that a copy takes. */
  private double plainCopy(VirtualMachine vm) {
    DatastoreFile source = vm.disks().get(0).flat();
    DatastoreFile target = target(mib * MIB);
    long start = System.nanoTime();
    InFlightWindow window = new InFlightWindow(IN_FLIGHT);
    new UnstableTransfer(target, window)
        .run(
            0,
            mib * MIB,
            (from, to, verifiers) -> {
              for (long at = from; at < to; at += CHUNK_BYTES) {
                long place = at;
                window.enter();
                window.track(
                    source
                        .read(place, CHUNK_BYTES)
                        .thenCompose(data -> target.write(place, data, false))
                        .thenAccept(verifiers::note));
              }
            });
    double seconds = (System.nanoTime() - start) / 1e9;
    datastore.remove(target.path());
    return seconds;
  }

  private double moverCopy(VirtualMachine vm) {
    List<DiskCopy> disks = new ArrayList<>();
    vm.disks()
        .forEach(
            disk ->
                disks.add(
                    new DiskCopy(
                        DiskChain.open(datastore, disk.descriptorPath()),
                        target(disk.provisionedBytes()),
                        Zeros.SKIP)));
    long start = System.nanoTime();
    new SoftwareDataMover().copy(disks, TransferProgress.NONE);
    double seconds = (System.nanoTime() - start) / 1e9;
    disks.forEach(disk -> datastore.remove(disk.destination().path()));
    return seconds;
  }

  private DatastoreFile target(long sizeBytes) {
    DatastoreFile file = datastore.create("copy" + ++copies);
    file.setSizeBytes(sizeBytes);
    return file;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
