/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.guest.GuestIo;
import org.facsim.hypervisor.guest.GuestWorkload;
import org.facsim.hypervisor.guest.WorkloadProfile;
import org.facsim.hypervisor.operation.RegisteredVm;
import org.facsim.hypervisor.vm.DiskRange;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steady I/O of the guests of a lab. The guests of one host take turns on one thread, so that a
 * host whose paths are down holds up its own guests only, and a thousand guests need no thousand
 * threads. A guest that is held up leaves out what it missed. Thread-safe.
 */
final class GuestLoad implements GuestFiles.Disks, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GuestLoad.class);
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final String NONE = "none";
  private static final double RATE_SECONDS = 5;

  private final Map<String, WorkloadProfile> profileByGlob = new LinkedHashMap<>();
  private final long seed;
  private final List<HostLoad> loads = new ArrayList<>();
  private final AtomicLong writes = new AtomicLong();
  private volatile boolean isOver;
  private long rateNanos = System.nanoTime();
  private long rateWrites;
  private double writesPerSecond;

  GuestLoad(Map<String, String> workload, long seed) {
    this.seed = seed;
    workload.forEach(
        (glob, name) ->
            profile(name)
                .ifPresentOrElse(
                    profile -> profileByGlob.put(glob, profile),
                    () -> profileByGlob.put(glob, null)));
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
    for (Map.Entry<String, WorkloadProfile> each : profileByGlob.entrySet()) {
      if (Facts.matches(each.getKey(), vm)) {
        return Optional.ofNullable(each.getValue());
      }
    }
    return Optional.of(WorkloadProfile.IDLE);
  }

  void start(Collection<LabHost> hosts) {
    for (LabHost host : hosts) {
      if (!host.isDead()) {
        HostLoad load = new HostLoad(host);
        loads.add(load);
        load.start();
      }
    }
  }

  /**
   * Holds all guests; returns when none of them has I/O under way.
   *
   * @return whether that was reached in time; if not, nobody is held
   */
  boolean hold(Duration patience) {
    long endNanos = System.nanoTime() + patience.toNanos();
    List<HostLoad> held = new ArrayList<>();
    for (HostLoad load : loads) {
      if (!load.hold(Math.max(0, endNanos - System.nanoTime()))) {
        held.forEach(HostLoad::goOn);
        return false;
      }
      held.add(load);
    }
    return true;
  }

  /** Lets all guests go on that were held by this thread. */
  void goOn() {
    loads.forEach(HostLoad::goOn);
  }

  /** How often guests wrote in the last seconds. */
  synchronized double writesPerSecond() {
    long now = System.nanoTime();
    double seconds = (now - rateNanos) / 1e9;
    if (seconds >= RATE_SECONDS || writesPerSecond == 0) {
      long all = writes.get();
      writesPerSecond = seconds > 0 ? (all - rateWrites) / seconds : 0;
      rateWrites = all;
      rateNanos = now;
    }
    return writesPerSecond;
  }

  @Override
  public void write(VirtualMachine vm, long offsetBytes, long lengthBytes) {
    vm.overwriteGuestData(0, offsetBytes, lengthBytes);
    writes.incrementAndGet();
  }

  @Override
  public boolean trim(VirtualMachine vm, int diskIndex, long offsetBytes, long lengthBytes) {
    DiskRange range = new DiskRange(offsetBytes, lengthBytes);
    return !vm.trim(diskIndex, List.of(range)).trimmed().isEmpty();
  }

  @Override
  public void close() {
    isOver = true;
    loads.forEach(load -> load.thread.interrupt());
  }

  /** The guests of one host. */
  private final class HostLoad {
    private final LabHost host;

    /** Fair, because the thread of the guests takes it again at once. */
    private final ReentrantLock turn = new ReentrantLock(true);

    private final Map<String, Guest> guests = new HashMap<>();
    private final Thread thread;

    /** A guest that runs, with the time at which it was started. */
    private record Guest(GuestWorkload workload, long startNanos) {}

    HostLoad(LabHost host) {
      this.host = host;
      this.thread = new Thread(this::run, "lab-guests-" + host.name());
      thread.setDaemon(true);
    }

    void start() {
      thread.start();
    }

    boolean hold(long patienceNanos) {
      try {
        return turn.tryLock(patienceNanos, TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }

    void goOn() {
      if (turn.isHeldByCurrentThread()) {
        turn.unlock();
      }
    }

    private void run() {
      while (!isOver && !host.isDead()) {
        try {
          round();
          TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
          return;
        } catch (RuntimeException e) {
          LOG.debug("guests of {}", host.name(), e);
        }
      }
    }

    private void round() throws InterruptedException {
      for (RegisteredVm registered : host.machines()) {
        turn.lockInterruptibly();
        try {
          if (!isOver) {
            one(registered.vm());
          }
        } finally {
          turn.unlock();
        }
      }
    }

    private void one(VirtualMachine vm) {
      if (!vm.poweredOn() || host.isBusy(vm)) {
        return;
      }
      Optional<WorkloadProfile> profile = profileOf(vm.name());
      if (profile.isEmpty()) {
        return;
      }
      Guest guest = guests.computeIfAbsent(vm.name(), name -> guest(vm, profile.get()));
      try {
        List<GuestIo> due = guest.workload.takeDue(System.nanoTime() - guest.startNanos);
        writes.addAndGet(vm.perform(due).writes());
      } catch (DatastoreException e) {
        LOG.debug("{} on {}: {}", vm.name(), host.name(), e.getMessage());
      }
    }

    private Guest guest(VirtualMachine vm, WorkloadProfile profile) {
      List<Long> sizes = vm.disks().stream().map(VirtualDisk::provisionedBytes).toList();
      return new Guest(
          GuestWorkload.steady(profile, sizes, seed ^ vm.name().hashCode()), System.nanoTime());
    }
  }
}
