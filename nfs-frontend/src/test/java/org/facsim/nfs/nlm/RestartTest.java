/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.facsim.nfs.v3.Door;
import org.facsim.protocol.nlm.NlmFreeAllArgs;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmShareArgs;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nsm.Nsm;
import org.facsim.protocol.nsm.NsmCallback;
import org.facsim.protocol.nsm.NsmMonitorArgs;
import org.facsim.protocol.nsm.NsmMonitorId;
import org.facsim.protocol.nsm.NsmStateChange;
import org.facsim.protocol.nsm.NsmStateResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restarts: of the client, told by NSM; of the array, with its grace period. */
class RestartTest {
  private static final long GRACE_NANOS = 45_000_000_000L;

  @TempDir private Path folder;

  private static NlmLockArgs reclaim(LockDoor door, String hostName) {
    return new NlmLockArgs(
        LockDoor.COOKIE, false, true, door.lock(hostName, 0, 0), true, LockDoor.STATE);
  }

  @Test
  void aClientThatRestartedHasNoLocks() {
    try (LockDoor door = new LockDoor()) {
      door.exclusive("a.example.org");
      door.lock(door.lock("b", 0, 0), true, true);
      Door.join(door.nsm.notify(new NsmStateChange("b", LockDoor.STATE)));
      Door.join(door.nsm.notify(new NsmStateChange("c", 99)));
      assertThat(door.holders()).containsExactly("a.example.org 0 to end");
      Door.join(door.nsm.notify(new NsmStateChange("A", LockDoor.STATE + 2)));
      assertThat(door.holders()).containsExactly("b 0 to end");
      door.host.nextGranted();
      Door.join(door.nsm.notify(new NsmStateChange("b", LockDoor.STATE + 2)));
      assertThat(door.holders()).isEmpty();
    }
  }

  /** Whoever speaks may be a neighbour behind the address that has locked nothing yet. */
  @Test
  void aNoticeUnderAnotherNameFreesNothingOfTheOnlyHostThere() {
    try (LockDoor door = new LockDoor()) {
      door.exclusive("a");
      Door.join(door.nsm.notify(new NsmStateChange("stranger", LockDoor.STATE + 2)));
      Door.join(door.nlm.freeAll(new NlmFreeAllArgs("stranger", 1)));
      assertThat(door.holders()).containsExactly("a 0 to end");
      Door.join(door.nsm.notify(new NsmStateChange("127.0.0.1", LockDoor.STATE + 2)));
      assertThat(door.holders()).isEmpty();
    }
  }

  @Test
  void hostsWithReservationsOnlyAreToldAndReclaimThem() throws Exception {
    Path list = folder.resolve("hosts");
    try (LockDoor before = new LockDoor(list)) {
      assertThat(shareStatus(before, false)).isEqualTo(NlmStatus.GRANTED);
    }
    try (LockDoor door = new LockDoor(list)) {
      door.host.next(Nsm.PROGRAM, Nsm.NOTIFY);
      assertThat(shareStatus(door, true)).isEqualTo(NlmStatus.GRANTED);
      Door.join(door.nlm.freeAll(new NlmFreeAllArgs("a host", 1)));
      assertThat(door.holdings.opens().openCount()).isZero();
    }
  }

  @Test
  void aRepeatedNoticeDoesNotFreeTheLocksOfTheNewLife() {
    try (LockDoor door = new LockDoor()) {
      NsmStateChange notice = new NsmStateChange("a", LockDoor.STATE + 2);
      door.exclusive("a");
      Door.join(door.nsm.notify(notice));
      assertThat(door.holders()).isEmpty();
      door.exclusive("a");
      Door.join(door.nsm.notify(notice));
      assertThat(door.holders()).containsExactly("a 0 to end");
    }
  }

  @Test
  void aLockOfANewLifeFreesThoseOfTheOldOneBeforeAnyNotice() {
    try (LockDoor door = new LockDoor()) {
      door.lock(door.lock("a", 0, 10), true, false);
      door.lock(
          new NlmLockArgs(
              LockDoor.COOKIE, false, true, door.lock("a", 50, 1), false, LockDoor.STATE + 2));
      assertThat(door.holders()).containsExactly("a 50 to 50");
      Door.join(door.nsm.notify(new NsmStateChange("a", LockDoor.STATE + 2)));
      assertThat(door.holders()).containsExactly("a 50 to 50");
    }
  }

  @Test
  void aFreshArrayHasNoGracePeriod() {
    try (LockDoor door = new LockDoor(folder.resolve("hosts"))) {
      assertThat(door.manager.inGrace()).isFalse();
      assertThat(door.lock(reclaim(door, "a"))).isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
      assertThat(door.exclusive("a")).isEqualTo(NlmStatus.GRANTED);
      assertThat(Door.join(door.nsm.stat("anyone"))).isEqualTo(new NsmStateResult(true, 1));
    }
  }

  @Test
  void afterARestartHostsAreToldAndReclaim() throws Exception {
    Path list = folder.resolve("hosts");
    try (LockDoor before = new LockDoor(list)) {
      assertThat(before.exclusive("a host")).isEqualTo(NlmStatus.GRANTED);
      assertThat(Files.readAllLines(list))
          .containsExactly("facsim-nsm 1", "state 1", "host 127.0.0.1 a+host 127.0.0.1");
    }
    try (LockDoor door = new LockDoor(list)) {
      assertThat(NsmStateChange.decode(door.host.next(Nsm.PROGRAM, Nsm.NOTIFY)))
          .isEqualTo(new NsmStateChange("array.example", 3));
      assertThat(door.manager.inGrace()).isTrue();
      assertThat(door.exclusive("b")).isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
      assertThat(door.test(door.lock("b", 0, 0), true).status())
          .isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
      assertThat(door.unlock("b")).isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
      assertThat(door.cancel(door.lock("b", 0, 0), true)).isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
      assertThat(shareStatus(door, false)).isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
      assertThat(shareStatus(door, true)).isEqualTo(NlmStatus.GRANTED);
      assertThat(door.lock(reclaim(door, "b"))).as("had no locks").isEqualTo(NlmStatus.DENIED);
      assertThat(door.holders()).isEmpty();
      assertThat(door.lock(reclaim(door, "a host"))).isEqualTo(NlmStatus.GRANTED);
      assertThat(Files.readString(list)).as("refused, not listed").doesNotContain(" b ");

      door.nowNanos.addAndGet(GRACE_NANOS);
      assertThat(door.exclusive("b")).isEqualTo(NlmStatus.DENIED);
      assertThat(door.unlock("a host")).isEqualTo(NlmStatus.GRANTED);
      assertThat(door.exclusive("b")).isEqualTo(NlmStatus.GRANTED);
      assertThat(door.lock(reclaim(door, "b"))).isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
    }
    assertThat(HostList.open(list, InstantSource.system()).hosts())
        .containsExactlyInAnyOrder(
            new NlmHost("a host", InetAddress.getLoopbackAddress()),
            new NlmHost("b", InetAddress.getLoopbackAddress()));
  }

  private static NlmStatus shareStatus(LockDoor door, boolean reclaim) {
    return Door.join(
            door.nlm.share(
                new NlmShareArgs(
                    LockDoor.COOKIE, "a host", door.file, LockDoor.COOKIE, 0, 1, reclaim)))
        .status();
  }

  @Test
  void whoHasBeenToldAndLocksNoMoreLeavesTheList() throws Exception {
    Path list = folder.resolve("hosts");
    try (LockDoor before = new LockDoor(list)) {
      before.exclusive("a");
    }
    try (LockDoor door = new LockDoor(list)) {
      door.host.next(Nsm.PROGRAM, Nsm.NOTIFY);
      door.nowNanos.addAndGet(GRACE_NANOS);
      long end = System.nanoTime() + 10_000_000_000L;
      while (Files.readAllLines(list).size() > 2) {
        assertThat(System.nanoTime() - end).isNegative();
        Thread.sleep(5);
      }
    }
    try (LockDoor third = new LockDoor(list)) {
      assertThat(third.manager.inGrace()).isFalse();
      assertThat(Door.join(third.nsm.stat("x")).state()).isEqualTo(5);
    }
  }

  /**
   * A host that was notified has not reclaimed anything yet: the next restart must not forget it.
   */
  @Test
  void aSecondRestartBeforeTheGracePeriodIsOverForgetsNoHost() {
    Path list = folder.resolve("hosts");
    try (LockDoor before = new LockDoor(list)) {
      before.exclusive("a");
    }
    for (int restart = 1; restart <= 2; restart++) {
      try (LockDoor door = new LockDoor(list)) {
        door.host.next(Nsm.PROGRAM, Nsm.NOTIFY);
        assertThat(door.exclusive("b")).as("%d", restart).isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
      }
    }
    try (LockDoor door = new LockDoor(list)) {
      assertThat(door.lock(reclaim(door, "a"))).isEqualTo(NlmStatus.GRANTED);
    }
  }

  @Test
  void aSecondTakeoverBeforeTheGracePeriodIsOverForgetsNoHost() {
    try (LockDoor door = new LockDoor()) {
      door.exclusive("a");
      try (LockManager once = door.startAgain(door.manager.leave());
          LockManager twice = door.startAgain(once.leave())) {
        assertThat(twice.inGrace()).isTrue();
        door.nowNanos.addAndGet(GRACE_NANOS);
        try (LockManager late = door.startAgain(twice.leave())) {
          assertThat(late.inGrace()).as("nothing was reclaimed").isFalse();
        }
      }
    }
  }

  @Test
  void aSecondSimulatedCrashForgetsNoHost() {
    try (LockDoor door = new LockDoor()) {
      door.exclusive("a");
      Door.join(door.nsm.simulateCrash());
      Door.join(door.nsm.simulateCrash());
      assertThat(door.lock(reclaim(door, "a"))).isEqualTo(NlmStatus.GRANTED);
    }
  }

  @Test
  void aDamagedListIsAnEmptyOne() throws Exception {
    Path list = Files.writeString(folder.resolve("hosts"), "facsim-nsm 1\nstate 9\nnonsense\n");
    try (HostList opened = HostList.open(list, InstantSource.system())) {
      assertThat(opened.hosts()).isEmpty();
    }
    assertThat(Files.readAllLines(list)).hasSize(2);
  }

  /** A full disk locks nobody out: files are served, earlier locks are reclaimed. */
  @Test
  void aListThatCannotBeWrittenKeepsTheArrayFromNothingButNewLocks() throws Exception {
    Path list = folder.resolve("hosts");
    try (LockDoor before = new LockDoor(list)) {
      before.exclusive("a");
    }
    Path inTheWay = Files.createDirectory(folder.resolve("hosts.new"));
    try (LockDoor door = new LockDoor(list)) {
      NsmStateChange told = NsmStateChange.decode(door.host.next(Nsm.PROGRAM, Nsm.NOTIFY));
      assertThat(told.state()).isGreaterThan(3).isOdd();
      assertThat(door.lock(reclaim(door, "a"))).isEqualTo(NlmStatus.GRANTED);
      door.nowNanos.addAndGet(GRACE_NANOS);
      assertThat(door.unlock("a")).isEqualTo(NlmStatus.GRANTED);
      assertThat(door.exclusive("b")).isEqualTo(NlmStatus.DENIED_NOLOCKS);
      Files.delete(inTheWay);
      assertThat(door.exclusive("b")).isEqualTo(NlmStatus.GRANTED);
      assertThat(Files.readAllLines(list)).contains("state " + told.state());
    }
  }

  @Test
  void livesWhoseListCannotBeWrittenHaveStatesOfTheirOwn() throws Exception {
    Path list = folder.resolve("hosts");
    HostList.open(list, InstantSource.system()).close();
    Path inTheWay = Files.createDirectory(folder.resolve("hosts.new"));
    Set<Integer> states = new HashSet<>();
    for (int life = 0; life < 3; life++) {
      Instant now = Instant.parse("2026-11-30T08:00:00Z").plusSeconds(life);
      try (HostList unwritten = HostList.open(list, InstantSource.fixed(now))) {
        states.add(unwritten.state());
      }
    }
    Files.delete(inTheWay);
    try (HostList written = HostList.open(list, InstantSource.system())) {
      states.add(written.state());
    }
    assertThat(states).hasSize(4).allMatch(state -> state > 1 && state % 2 == 1);
  }

  @Test
  void aSimulatedCrashForgetsLocksAndTellsHosts() {
    try (LockDoor door = new LockDoor()) {
      door.exclusive("a");
      Door.join(door.nsm.simulateCrash());
      assertThat(door.holders()).isEmpty();
      assertThat(NsmStateChange.decode(door.host.next(Nsm.PROGRAM, Nsm.NOTIFY)))
          .isEqualTo(new NsmStateChange("array.example", 3));
      assertThat(door.exclusive("b")).isEqualTo(NlmStatus.DENIED_GRACE_PERIOD);
      assertThat(door.lock(reclaim(door, "a"))).isEqualTo(NlmStatus.GRANTED);
    }
  }

  @Test
  void aProgramOfThisHostIsToldOfTheRestartOfAnother() {
    try (LockDoor door = new LockDoor()) {
      NsmCallback callback = new NsmCallback("localhost", Nsm.PROGRAM, Nsm.VERSION, 77);
      NsmMonitorArgs monitor =
          new NsmMonitorArgs(new NsmMonitorId("other", callback), "0123456789abcdef".repeat(2));
      assertThat(Door.join(door.nsm.monitor(monitor))).isEqualTo(new NsmStateResult(true, 1));
      Door.join(door.nsm.notify(new NsmStateChange("stranger", 4)));
      Door.join(door.nsm.notify(new NsmStateChange("other.example.org", 5)));
      var told = door.host.next(Nsm.PROGRAM, 77);
      assertThat(NsmStateChange.decode(told)).isEqualTo(new NsmStateChange("other.example.org", 5));
      assertThat(io.netty.buffer.ByteBufUtil.hexDump(told)).isEqualTo(monitor.privateHex());

      assertThat(Door.join(door.nsm.unmonitor(monitor.id()))).isEqualTo(1);
      Door.join(door.nsm.notify(new NsmStateChange("other", 7)));
      Door.join(door.nsm.monitor(monitor));
      assertThat(Door.join(door.nsm.unmonitorAll(callback))).isEqualTo(1);
      Door.join(door.nsm.notify(new NsmStateChange("other", 9)));
      assertThat(door.host.poll(200)).isNull();
    }
  }

  @Test
  void namesWithAndWithoutDomainAreTheSame() {
    assertThat(List.of("esx1", "ESX1", "esx1.lab", "esx1.lab.example"))
        .allMatch(name -> NlmHost.sameName("esx1", name));
    assertThat(NlmHost.sameName("esx1.lab", "esx1.other")).isFalse();
    assertThat(NlmHost.sameName("esx1", "esx10")).isFalse();
  }
}
