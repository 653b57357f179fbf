/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.facsim.hypervisor.activity.GuestActivity;
import org.facsim.hypervisor.guest.GuestWorkload;
import org.facsim.hypervisor.guest.WorkloadProfile;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.hypervisor.vm.DiskRange;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;

/**
 * The steady I/O of the guests of a lab: which guest has which workload. {@link GuestActivity} runs
 * them. Thread-safe.
 */
final class LabGuests implements GuestFiles.Disks, AutoCloseable {
  private static final String NONE = "none";
  private static final double RATE_SECONDS = 5;

  private final Map<String, Optional<WorkloadProfile>> profileByGlob = new LinkedHashMap<>();
  private final long seed;
  private final GuestActivity activity;
  private long rateNanos = System.nanoTime();
  private long rateWrites;
  private double writesPerSecond;

  LabGuests(Map<String, String> workload, long seed, HostTime time) {
    this.seed = seed;
    this.activity = new GuestActivity(time);
    workload.forEach((glob, name) -> profileByGlob.put(glob, profile(name)));
  }

  /**
   * A profile by its name in a lab file; empty for {@code none}.
   *
   * @throws IllegalArgumentException which says what is allowed
   */
  static Optional<WorkloadProfile> profile(String name) {
    return name.equals(NONE) ? Optional.empty() : Optional.of(WorkloadProfile.named(name));
  }

  private Optional<WorkloadProfile> profileOf(String vm) {
    return profileByGlob.entrySet().stream()
        .filter(each -> Facts.matches(each.getKey(), vm))
        .findFirst()
        .map(Map.Entry::getValue)
        .orElse(Optional.of(WorkloadProfile.IDLE));
  }

  /** Lets the guests work of all VMs that hosts have now, and those of no others. */
  void follow(Collection<LabHost> hosts) {
    Set<VirtualMachine> working = activity.machines();
    Set<VirtualMachine> there = new HashSet<>();
    for (LabHost host : hosts) {
      for (RegisteredVm registered : host.machines()) {
        VirtualMachine vm = registered.vm();
        there.add(vm);
        if (!working.contains(vm)) {
          profileOf(vm.name()).ifPresent(profile -> activity.start(vm, workload(vm, profile)));
        }
      }
    }
    working.stream().filter(vm -> !there.contains(vm)).forEach(activity::stop);
  }

  private GuestWorkload workload(VirtualMachine vm, WorkloadProfile profile) {
    List<Long> sizes = vm.disks().stream().map(VirtualDisk::provisionedBytes).toList();
    return GuestWorkload.steady(profile, sizes, seed ^ vm.name().hashCode());
  }

  /** See {@link GuestActivity#hold}. */
  boolean hold(Duration patience) {
    return activity.hold(patience);
  }

  /** Lets all guests go on. */
  void goOn() {
    activity.goOn();
  }

  /** How often guests wrote in the last seconds. */
  synchronized double writesPerSecond() {
    long now = System.nanoTime();
    double seconds = (now - rateNanos) / 1e9;
    if (seconds >= RATE_SECONDS || writesPerSecond == 0) {
      long all = activity.done().writes();
      writesPerSecond = seconds > 0 ? (all - rateWrites) / seconds : 0;
      rateWrites = all;
      rateNanos = now;
    }
    return writesPerSecond;
  }

  @Override
  public void write(VirtualMachine vm, long offsetBytes, long lengthBytes) {
    vm.overwriteGuestData(0, offsetBytes, lengthBytes);
  }

  @Override
  public boolean trim(VirtualMachine vm, int diskIndex, long offsetBytes, long lengthBytes) {
    if (!vm.snapshots().isEmpty()) {
      return false; // a redo log may note a trim, and the array gets nothing back all the same
    }
    DiskRange range = new DiskRange(offsetBytes, lengthBytes);
    return !vm.trim(diskIndex, List.of(range)).trimmed().isEmpty();
  }

  @Override
  public void close() {
    activity.close();
  }
}
