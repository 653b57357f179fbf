/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileLockTest {
  private final Rig rig = new Rig();
  private final LockTimes times = LockTimes.byDefault(rig.clock);

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @Test
  void theNameIsTheFileIdWithItsBytesReversed() {
    assertThat(FileLock.lockFileName(0x0102)).isEqualTo(".lck-0201000000000000");
    assertThat(FileLock.lockFileName(-2)).isEqualTo(".lck-feffffffffffffff");
  }

  @Test
  void aRunningVmHoldsLocksAndAStoppedOneDoesNot() {
    VirtualMachine vm = rig.vm("vm", WINDOWS_7, new DiskSpec(8 * MIB, MIB));
    var before = vm.files();

    vm.powerOn();
    vm.takeSnapshot("one");

    // .vmx, base and redo log
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(3);
    String lock = FileLock.lockFileName(rig.files.find("vm/vm-flat.vmdk").fileId);
    assertThat(rig.datastore.open("vm/" + lock).sizeBytes()).isEqualTo(84);

    vm.removeSnapshots();
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(2);
    vm.powerOff();
    assertThat(vm.files())
        .containsExactlyInAnyOrderElementsOf(
            java.util.stream.Stream.concat(
                    before.stream(), java.util.stream.Stream.of("vmware.log"))
                .toList());
  }

  @Test
  void aLiveHolderIsRespectedAndASilentOneLosesTheLock() {
    DatastoreFile file = rig.datastore.create("disk");
    FileLock.acquire(rig.datastore, file, "esx1", times);

    rig.clock.advance(Duration.ofSeconds(35));
    assertThatThrownBy(() -> FileLock.acquire(rig.datastore, file, "esx2", times))
        .isInstanceOfSatisfying(
            DatastoreException.class, e -> assertThat(e.error()).isEqualTo(DatastoreError.LOCKED))
        .hasMessage("disk is locked by esx1");

    rig.clock.advance(Duration.ofSeconds(1));
    FileLock.acquire(rig.datastore, file, "esx2", times);
    assertThatThrownBy(() -> FileLock.acquire(rig.datastore, file, "esx1", times))
        .hasMessage("disk is locked by esx2");
  }

  @Test
  void theHeartbeatKeepsALockAlive() {
    DatastoreFile file = rig.datastore.create("disk");
    rig.locks.lock(rig.datastore, file);
    for (int i = 0; i < 10; i++) {
      rig.clock.advance(Duration.ofSeconds(10));
      rig.locks.refreshAll();
    }

    assertThatThrownBy(() -> FileLock.acquire(rig.datastore, file, "esx2", times))
        .hasMessage("disk is locked by esx1");
  }

  @Test
  void powerOnTakesAllLocksOrNone() {
    VirtualMachine vm = rig.vm("vm", WINDOWS_7, new DiskSpec(8 * MIB, MIB));
    FileLock.acquire(rig.datastore, vm.disks().get(0).flat(), "esx2", times);

    assertThatThrownBy(vm::powerOn).hasMessage("vm/vm-flat.vmdk is locked by esx2");

    assertThat(vm.poweredOn()).isFalse();
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(1);
    assertThat(vm.files()).doesNotContain("vm.vswp");
  }

  // ---------------------------------------------------------------- taking over

  private String lockPath(DatastoreFile file) {
    return FileLock.lockFileName(file.ref().fileId());
  }

  /** The lock, or null if somebody else has it; any other failure is the test's. */
  private FileLock tryAcquire(DatastoreFile file, String holder) {
    try {
      return FileLock.acquire(rig.datastore, file, holder, times);
    } catch (DatastoreException e) {
      assertThat(e.error()).as(e.getMessage()).isEqualTo(DatastoreError.LOCKED);
      return null;
    }
  }

  private void becomesStale() {
    rig.clock.advance(Duration.ofSeconds(36));
  }

  private List<String> lockFiles() {
    return rig.datastore.list("").stream().filter(name -> name.startsWith(".lck-")).toList();
  }

  @Test
  void aLockThatWasMadeAndNeverWrittenDoesNotLockForEver() {
    DatastoreFile file = rig.datastore.create("disk");
    rig.datastore.create(lockPath(file));
    assertThatThrownBy(() -> FileLock.acquire(rig.datastore, file, "esx2", times))
        .hasMessage("disk is locked by a host that is just taking it");

    becomesStale();
    FileLock.acquire(rig.datastore, file, "esx2", times);
    assertThat(LockFile.look(rig.datastore, lockPath(file)).holder()).isEqualTo("esx2");
    assertThat(lockFiles()).hasSize(1);
  }

  @Test
  void aLockThatCannotBeWrittenIsNotLeft() {
    DatastoreFile file = rig.datastore.create("disk");
    rig.files.writeFault =
        (fileId, offset) -> new DatastoreException(DatastoreError.DISK_FULL, "full");
    assertThatThrownBy(() -> FileLock.acquire(rig.datastore, file, "esx1", times))
        .hasMessage("full");
    assertThat(lockFiles()).isEmpty();
  }

  @Test
  void aHolderThatLostItsLockLeavesThatOfTheOtherAlone() {
    DatastoreFile file = rig.datastore.create("disk");
    rig.locks.lock(rig.datastore, file);
    becomesStale();
    FileLock.acquire(rig.datastore, file, "esx2", times);

    rig.locks.refreshAll();
    rig.locks.unlock(rig.datastore, file);
    assertThat(LockFile.look(rig.datastore, lockPath(file)).holder()).isEqualTo("esx2");

    FileLock slow = FileLock.acquire(rig.datastore, rig.datastore.create("b"), "esx1", times);
    becomesStale();
    FileLock.acquire(rig.datastore, rig.datastore.open("b"), "esx2", times);
    slow.release();
    assertThat(LockFile.look(rig.datastore, slow.lockPath()).holder()).isEqualTo("esx2");
    assertThatThrownBy(slow::refresh).hasMessageContaining("is lost; now locked by esx2");
  }

  @Test
  void aHolderThatWasSilentButNotReplacedGoesOn() {
    DatastoreFile file = rig.datastore.create("disk");
    FileLock lock = FileLock.acquire(rig.datastore, file, "esx1", times);
    becomesStale();
    lock.refresh();
    assertThat(tryAcquire(file, "esx2")).isNull();
    becomesStale();
    lock.release();
    assertThat(lockFiles()).isEmpty();
  }

  /**
   * Whatever one host does between any two calls of another that takes over: one of them has the
   * lock in the end, never both.
   */
  @Test
  void twoHostsThatTakeOverAtOnceDoNotBothWin() {
    boolean wasInterleaved = true;
    for (int at = 1; wasInterleaved; at++) {
      DatastoreFile file = rig.datastore.create("disk" + at);
      FileLock dead = FileLock.acquire(rig.datastore, file, "dead", times);
      becomesStale();
      AtomicReference<FileLock> second = new AtomicReference<>();
      before(at, () -> second.set(tryAcquire(file, "second")));
      FileLock first = tryAcquire(file, "first");
      wasInterleaved = callsToGo.get() <= 0;
      rig.files.beforeCall = () -> {};

      boolean oneWon = (first == null) != (second.get() == null);
      assertThat(oneWon || !wasInterleaved).as("call %d", at).isTrue();
      FileLock winner = first == null ? second.get() : first;
      assertThatCode(winner::refresh).as("call %d", at).doesNotThrowAnyException();
      assertThatThrownBy(dead::refresh).hasMessageContaining("is lost");
      winner.release();
      assertThat(lockFiles()).as("call %d", at).isEmpty();
      assertThat(at).isLessThan(100);
    }
  }

  /** A host may die between any two calls of a takeover; the lock is free for others later. */
  @Test
  void aHostThatDiesWhileItTakesOverLocksNothingForEver() {
    boolean hasDied = true;
    for (int at = 1; hasDied; at++) {
      DatastoreFile file = rig.datastore.create("disk" + at);
      FileLock.acquire(rig.datastore, file, "dead", times);
      becomesStale();
      before(
          at,
          () -> {
            // dead hosts make no more calls, not even to clean up
            rig.files.beforeCall = FileLockTest::die;
            die();
          });
      try {
        FileLock.acquire(rig.datastore, file, "dying", times);
        hasDied = false;
      } catch (IllegalStateException e) {
        assertThat(e).hasMessage("dead");
      }
      rig.files.beforeCall = () -> {};
      becomesStale();
      assertThat(tryAcquire(file, "heir")).as("call %d", at).isNotNull();
      assertThat(tryAcquire(file, "another")).as("call %d", at).isNull();
      assertThat(at).isLessThan(100);
    }
  }

  private static void die() {
    throw new IllegalStateException("dead");
  }

  private final AtomicInteger callsToGo = new AtomicInteger();

  /** Has something done once, before the call of that number from now. */
  private void before(int call, Runnable action) {
    callsToGo.set(call);
    rig.files.beforeCall =
        () -> {
          if (callsToGo.decrementAndGet() == 0) {
            action.run();
          }
        };
  }

  @Test
  void hostsThatRaceForAStaleLockTakeTurns() throws Exception {
    int hosts = 4;
    DatastoreFile file = rig.datastore.create("disk");
    FileLock.acquire(rig.datastore, file, "dead", times);
    rig.files.beforeCall =
        () -> {
          if (ThreadLocalRandom.current().nextInt(3) == 0) {
            LockSupport.parkNanos(1);
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(hosts);
    try {
      for (int round = 0; round < 300; round++) {
        becomesStale();
        List<Callable<FileLock>> races = new ArrayList<>();
        for (int host = 0; host < hosts; host++) {
          String name = "esx" + host;
          races.add(() -> tryAcquire(file, name));
        }
        List<FileLock> winners = new ArrayList<>();
        for (Future<FileLock> race : threads.invokeAll(races)) {
          if (race.get() != null) {
            winners.add(race.get());
          }
        }
        assertThat(winners).as("round %d", round).hasSize(1);
        winners.get(0).refresh();
      }
    } finally {
      threads.shutdown();
    }
  }
}
