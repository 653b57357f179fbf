/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.RawCalls.Call;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What waits for a rule: calls and connections, over TCP and UDP, and what comes in between. */
class PauseAndResumeTest {
  private static final int STALE = 70;

  /** Of one socket that takes datagrams. */
  private static final int MOST_KEPT = 1024;

  private FacsimArray array;
  private Volume volume;
  private Inode file;

  @BeforeEach
  void start() throws IOException {
    array = FacsimArray.builder().nfsPort(0).volume("ds", ByteSize.GIB).start();
    volume = array.storage().volume("ds").orElseThrow();
    file = create("file");
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private Inode create(String name) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.NONE)
        .inode();
  }

  private Call getattr() {
    return DoorCalls.nfs3(1, new GetAttr3.Args(Nfs3Handle.of(file.handle().toBytes()))::encode);
  }

  private long rule(FaultAction action) {
    return array.faults().add(FaultRule.of(action).door(Door.NFS).procedure("GETATTR").rule()).id();
  }

  /** Resumes when so many wait. */
  private void resume(long rule, int count) throws InterruptedException {
    int resumed = 0;
    for (int i = 0; i < 3000 && resumed < count; i++) {
      resumed += array.faults().resume(rule).orElseThrow();
      Thread.sleep(resumed < count ? 10 : 0);
    }
    assertThat(resumed).isEqualTo(count);
  }

  private void awaitHits(long rule, long hits) throws InterruptedException {
    for (int i = 0; i < 3000; i++) {
      if (array.faults().find(rule).orElseThrow().hits() >= hits) {
        return;
      }
      Thread.sleep(10);
    }
    throw new AssertionError("the calls do not arrive");
  }

  @Test
  void aCallWaitsAndGoesOnAndTheRuleStopsTheNextOne() throws Exception {
    long rule = rule(new FaultAction.Pause(Optional.empty()));
    try (RawCalls client = RawCalls.tcp(array.nfsAddress())) {
      for (int i = 1; i <= 3; i++) {
        client.send(i, getattr());
        awaitHits(rule, i);
        assertThat(client.isSilentFor(50)).isTrue();
        resume(rule, 1);
        assertThat(client.receive().results().readInt()).isZero();
      }
    }
    assertThat(array.faults().find(rule).orElseThrow().hits()).isEqualTo(3);
    assertThat(array.faults().resume(rule)).hasValue(0);
    assertThat(array.faults().resume(rule + 1)).isEmpty();
  }

  @Test
  void aClosedWindowOpensAndClosesBehindTheNextCall() throws Exception {
    long rule = rule(new FaultAction.StopReading(Optional.empty()));
    try (RawCalls client = RawCalls.tcp(array.nfsAddress())) {
      for (int i = 0; i < 3; i++) {
        client.send(i, getattr());
        assertThat(client.receive().xid()).isEqualTo(i);
        client.send(100 + i, DoorCalls.nfs3(0, none -> {}));
        assertThat(client.isSilentFor(50)).isTrue();
        resume(rule, 1);
        assertThat(client.receive().xid()).isEqualTo(100 + i);
      }
    }
  }

  /** A peer that sends no more still gets the answers to what it has sent. */
  @Test
  void aHalfClosedPeerGetsTheAnswersOfCallsThatWaited() throws Exception {
    long rule = rule(new FaultAction.Pause(Optional.empty()));
    try (RawCalls client = RawCalls.tcp(array.nfsAddress())) {
      client.send(1, getattr());
      client.send(2, getattr());
      client.shutdownOutput();
      awaitHits(rule, 2);
      assertThat(client.isSilentFor(50)).isTrue();
      resume(rule, 2);
      assertThat(client.receive().xid()).isEqualTo(1);
      assertThat(client.receive().xid()).isEqualTo(2);
      assertThat(client.isHungUp()).isTrue();
    }
  }

  /** As in a network that is full: they are lost, and what was kept is answered. */
  @Test
  void datagramsBeyondTheBoundAreLost() throws Exception {
    Call nothing = new Call(Mount.PROGRAM, 3, 0, none -> {});
    FaultRule pause = FaultRule.of(new FaultAction.Pause(Optional.empty())).door(Door.MOUNT).rule();
    long rule = array.faults().add(pause).id();
    try (RawCalls client = RawCalls.udp(array.nfsAddress())) {
      int sent = MOST_KEPT + 40;
      for (int xid = 0; xid < sent; xid++) {
        client.send(xid, nothing);
        if (xid % 20 == 19 || xid == sent - 1) {
          awaitHits(rule, xid + 1); // so that no buffer of the kernel is full
        }
      }
      resume(rule, MOST_KEPT);
      assertThat(client.receive().xid()).isBetween(0, MOST_KEPT - 1);
      array.faults().remove(rule);
    }
    try (RawCalls client = RawCalls.udp(array.nfsAddress())) {
      assertThat(client.exchange(1, nothing).acceptStatus()).isZero();
    }
  }

  /** A call that waited while a named state came back meets the contents that came back. */
  @Test
  void aCallThatWaitsDuringARestoreIsPerformedAfterIt() throws Exception {
    array.storage().saveState("before");
    file = create("later");
    long rule = rule(new FaultAction.Pause(Optional.empty()));
    try (RawCalls client = RawCalls.tcp(array.nfsAddress())) {
      client.send(1, getattr());
      awaitHits(rule, 1);
      array.storage().restoreState("before");
      resume(rule, 1);
      assertThat(client.receive().results().readInt()).isEqualTo(STALE);
      file = volume.names().lookup(Caller.ROOT, volume.root(), Name.of("file"));
      client.send(2, getattr());
      resume(rule, 1);
      assertThat(client.receive().results().readInt()).isZero();
    }
    assertThat(array.faults().find(rule).orElseThrow().hits()).isEqualTo(2);
  }
}
