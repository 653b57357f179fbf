/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.base.Splitter;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.DoorCalls.DoorCall;
import org.facsim.embedded.RawCalls.Answer;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.Bandwidth;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.DoorStatus;
import org.facsim.services.calls.Gate;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every verdict of a link over every door that comes over ONC RPC, with raw sockets. */
class CallVerdictsTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(60);

  /** How long a test waits before it believes that nothing comes. */
  private static final int SILENCE_MILLIS = 60;

  private final VerdictsByXid link = new VerdictsByXid();
  private FacsimArray array;
  private Inode file;
  private Inode root;
  private int xid = 100;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder().nfsPort(0).portmapPort(0).seed(7).volume("ds", ByteSize.GIB).start();
    Volume volume = array.storage().volume("ds").orElseThrow();
    root = volume.root();
    file =
        volume
            .names()
            .create(
                Caller.ROOT,
                root,
                Name.of("file"),
                new Volume.CreateMode.Unchecked(),
                AttributeChanges.NONE)
            .inode();
    array.calls().install(link);
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private List<DoorCall> doors() {
    return new DoorCalls(array, root, file).all();
  }

  private static void assertSucceeded(DoorCall door, Answer answer, int callXid) {
    assertThat(answer.xid()).as(door.toString()).isEqualTo(callXid);
    assertThat(answer.acceptStatus()).as(door.toString()).isZero();
    if (door.word() >= 0) {
      assertThat(answer.results().getInt(door.word())).as(door.toString()).isZero();
    }
  }

  /** Every call that was received has ended: nothing is kept of any. */
  private void assertAllEnded() {
    VerdictsByXid.await(link.ended, link.received.get());
    assertThat(link.ended.get()).isEqualTo(link.received.get());
  }

  // ---------------------------------------------------------------- the operation point

  /** These calls are of NFSv3, which says SERVERFAULT for what only NFSv4 has a number for. */
  private static int inVersion3(DoorStatus status) {
    boolean isUnknown =
        status.door() == Door.NFS
            && Stream.of(Nfs3Status.values()).noneMatch(known -> known.code() == status.code());
    return isUnknown ? Nfs3Status.SERVERFAULT.code() : status.code();
  }

  @Test
  void eachDoorAnswersEachOfItsStatusesByName() throws IOException {
    for (DoorCall call : doors()) {
      List<String> names = Splitter.on(' ').splitToList(call.received());
      Door door = Door.valueOf(names.get(0));
      List<DoorStatus> statuses = array.calls().statuses().of(door).of(names.get(1));
      assertThat(statuses).as(call.toString()).isNotEmpty();
      try (RawCalls client = call.connect()) {
        for (DoorStatus status : statuses) {
          link.operations.put(xid, OperationVerdict.status("rule", status));
          Answer answer = client.exchange(xid, call.call());
          assertThat(answer.xid()).isEqualTo(xid);
          String what = call + " " + status.name();
          if (status.isRpcs()) {
            boolean isDenied = answer.record()[11] == 1;
            assertThat(isDenied || answer.acceptStatus() != 0).as(what).isTrue();
            assertThat(status.name().startsWith("AUTH_")).as(what).isEqualTo(isDenied);
          } else if (door == Door.OPENSDS && status.code() > 1000 && status.code() < 2000) {
            assertThat(answer.results().toString(java.nio.charset.StandardCharsets.ISO_8859_1))
                .as(what)
                .isNotEmpty();
            assertThat(answer.results().getInt(0)).as(what).isNotZero();
          } else {
            assertThat(answer.results().getInt(call.word())).as(what).isEqualTo(inVersion3(status));
          }
          xid++;
        }
        assertThat(link.last.faults()).containsExactly("rule");
        assertSucceeded(call, client.exchange(xid, call.call()), xid++);
      }
    }
    assertAllEnded();
  }

  @Test
  void anUnknownStatusIsRefusedWithTheNamesThatThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> array.calls().statuses().find(Door.MOUNT, "MNT", "JUKEBOX"))
        .withMessageStartingWith("status JUKEBOX; MOUNT MNT has PERM, NOENT, IO, ACCES")
        .withMessageContaining("SERVERFAULT, PROC_UNAVAIL");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> array.calls().statuses().find(Door.HTTP, null, "200"))
        .withMessage("status 200; HTTP has 400 to 599");
    assertThat(array.calls().statuses().find(Door.NFS, "WRITE", "NFS3ERR_JUKEBOX").code())
        .isEqualTo(10008);
    assertThat(array.calls().statuses().names(Door.NSM, "STAT")).contains("SYSTEM_ERR");
  }

  /** A status of another door means nothing, and so the call is performed. */
  @Test
  void aStatusOfAnotherDoorChangesNothing() throws IOException {
    DoorStatus mounts = array.calls().statuses().find(Door.MOUNT, "MNT", "SERVERFAULT");
    DoorCall getAttributes = doors().get(0);
    try (RawCalls client = getAttributes.connect()) {
      link.operations.put(xid, OperationVerdict.status("rule", mounts));
      assertSucceeded(getAttributes, client.exchange(xid, getAttributes.call()), xid);
    }
  }

  @Test
  void aCallIsLostBeforeItIsPerformed() throws IOException {
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        link.operations.put(xid, OperationVerdict.noAnswer("rule"));
        int performed = link.performed.get();
        client.send(xid, door.call());
        VerdictsByXid.await(link.performed, performed + 1);
        link.clear();
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
        assertThat(link.performed.get()).as(door + ": a new call").isEqualTo(performed + 2);
      }
      if (!door.isUdp()) {
        assertCloses(door, () -> link.operations.put(xid, OperationVerdict.close("rule")));
        assertResets(door, () -> link.operations.put(xid, OperationVerdict.reset("rule")));
      }
    }
    assertThat(array.lockTable().held()).hasSize(1);
    assertAllEnded();
  }

  // ---------------------------------------------------------------- ends of connections

  /** The answer to an earlier call arrives, then the end of the stream, whatever is sent on. */
  private void assertCloses(DoorCall door, Runnable fault) throws IOException {
    try (RawCalls client = door.connect()) {
      int before = xid++;
      fault.run();
      client.send(before, door.call());
      client.send(xid, door.call());
      client.send(xid + 1, door.call());
      assertSucceeded(door, client.receive(), before);
      assertThatThrownBy(client::receive).as(door.toString()).isInstanceOf(EOFException.class);
      xid += 2;
    }
    link.clear();
  }

  private void assertResets(DoorCall door, Runnable fault) throws IOException {
    try (RawCalls client = door.connect()) {
      fault.run();
      client.send(xid++, door.call());
      assertThatThrownBy(client::receive)
          .as(door.toString())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
    link.clear();
  }

  @Test
  void aConnectionIsClosedBehindEarlierAnswersOrReset() throws IOException {
    for (DoorCall door : doors()) {
      if (door.isUdp()) {
        continue;
      }
      assertCloses(door, () -> link.arrivals.put(xid, ArrivalVerdict.close("rule")));
      assertResets(door, () -> link.arrivals.put(xid, ArrivalVerdict.reset("rule")));
      assertCloses(door, () -> link.replies.put(xid, ReplyVerdict.close("rule")));
      assertResets(door, () -> link.replies.put(xid, ReplyVerdict.reset("rule")));
    }
    assertAllEnded();
  }

  /** What has no meaning without a connection is a datagram that is lost. */
  @Test
  void overUdpEndsOfConnectionsAreLostDatagrams() throws IOException {
    for (DoorCall door : doors()) {
      if (!door.isUdp()) {
        continue;
      }
      try (RawCalls client = door.connect()) {
        link.arrivals.put(xid, ArrivalVerdict.reset("rule"));
        client.send(xid++, door.call());
        link.arrivals.put(xid, ArrivalVerdict.close("rule"));
        client.send(xid++, door.call());
        link.operations.put(xid, OperationVerdict.reset("rule"));
        client.send(xid++, door.call());
        link.replies.put(xid, ReplyVerdict.reset("rule"));
        client.send(xid++, door.call());
        link.arrivals.put(xid, ArrivalVerdict.stopReading("rule", LONG));
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
      }
    }
    assertAllEnded();
  }

  // ---------------------------------------------------------------- calls that wait

  @Test
  void aDelayedCallIsOvertaken() throws IOException {
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        int delayed = xid++;
        link.arrivals.put(delayed, ArrivalVerdict.delay("rule", SHORT));
        long startNanos = System.nanoTime();
        client.send(delayed, door.call());
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
        assertSucceeded(door, client.receive(), delayed);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(SHORT.toNanos());
      }
    }
    assertAllEnded();
  }

  @Test
  void callsWaitInTheirOrderUntilAGateOpens() throws IOException {
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        Gate gate = new Gate();
        ArrivalVerdict hold = ArrivalVerdict.hold("rule", gate);
        int received = link.received.get();
        int performed = link.performed.get();
        for (int i = 0; i < 3; i++) {
          link.arrivals.put(xid + i, hold);
          client.send(xid + i, door.call());
        }
        VerdictsByXid.await(link.received, received + 3);
        assertThat(client.isSilentFor(SILENCE_MILLIS)).as(door.toString()).isTrue();
        assertThat(link.performed.get()).isEqualTo(performed);
        gate.open();
        for (int i = 0; i < 3; i++) {
          assertSucceeded(door, client.receive(), xid++);
        }
        link.arrivals.put(xid, hold);
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
      }
    }
    assertAllEnded();
  }

  @Test
  void aConnectionThatEndsDropsWhatWaits() throws IOException {
    Gate gate = new Gate();
    for (DoorCall door : doors()) {
      if (door.isUdp()) {
        continue;
      }
      int received = link.received.get();
      try (RawCalls client = door.connect()) {
        link.arrivals.put(xid, ArrivalVerdict.hold("rule", gate));
        client.send(xid++, door.call());
        link.arrivals.put(xid, ArrivalVerdict.delay("rule", LONG));
        client.send(xid++, door.call());
        link.replies.put(xid, ReplyVerdict.delay("rule", LONG));
        client.send(xid++, door.call());
        link.replies.put(xid, ReplyVerdict.behind("rule", 9, LONG));
        client.send(xid++, door.call());
        VerdictsByXid.await(link.received, received + 4);
        client.stream().setSoLinger(true, 0); // a reset: half an end would be waited out
      }
      assertAllEnded();
    }
    assertThat(gate.waitingCount()).isZero();
  }

  /** A peer that has shut down its side gets what waits for it. */
  @Test
  void aHalfClosedPeerGetsDelayedAnswers() throws IOException {
    DoorCall door = doors().get(0);
    try (RawCalls client = door.connect()) {
      link.arrivals.put(xid, ArrivalVerdict.delay("rule", SHORT));
      link.replies.put(xid + 1, ReplyVerdict.behind("rule", 9, SHORT));
      link.replies.put(xid + 2, ReplyVerdict.delay("rule", SHORT));
      List<Integer> answered = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        client.send(xid + i, door.call());
      }
      client.shutdownOutput();
      for (int i = 0; i < 3; i++) {
        answered.add(client.receive().xid());
      }
      assertThat(answered).containsExactlyInAnyOrder(xid, xid + 1, xid + 2);
      assertThatThrownBy(client::receive).isInstanceOf(EOFException.class);
    }
    assertAllEnded();
  }

  @Test
  void theArrayStopsAtOnceAlthoughCallsWait() throws IOException {
    DoorCall door = doors().get(0);
    Gate gate = new Gate();
    try (RawCalls client = door.connect()) {
      int received = link.received.get();
      link.arrivals.put(xid, ArrivalVerdict.delay("rule", LONG));
      link.arrivals.put(xid + 1, ArrivalVerdict.hold("rule", gate));
      link.replies.put(xid + 2, ReplyVerdict.delay("rule", LONG));
      link.arrivals.put(xid + 3, ArrivalVerdict.stopReading("rule", gate));
      for (int i = 0; i < 4; i++) {
        client.send(xid + i, door.call());
      }
      VerdictsByXid.await(link.received, received + 4);
      long startNanos = System.nanoTime();
      array.close();
      assertThat(System.nanoTime() - startNanos).isLessThan(Duration.ofSeconds(20).toNanos());
    }
    assertAllEnded();
    gate.open();
    assertThat(gate.waitingCount()).isZero();
  }

  // ---------------------------------------------------------------- reading stops

  /** The client's writes stall, others go on, and nothing is lost or out of order afterwards. */
  @Test
  void oneConnectionIsNotReadWhileOthersGoOn() throws Exception {
    DoorCall door = doors().get(0);
    Gate gate = new Gate();
    int first = xid;
    link.arrivals.put(first, ArrivalVerdict.stopReading("rule", gate));
    int calls = 200_000; // more than all buffers on the way hold
    try (RawCalls client = door.connect();
        RawCalls other = door.connect()) {
      assertSucceeded(door, client.exchange(first, door.call()), first);
      Thread sender =
          new Thread(
              () -> {
                try {
                  for (int i = 1; i <= calls; i++) {
                    client.send(first + i, door.call());
                  }
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              });
      sender.start();
      sender.join(700);
      assertThat(sender.isAlive()).as("the client stalls").isTrue();
      assertThat(link.received.get()).isEqualTo(1);
      for (int i = 0; i < 10; i++) {
        assertSucceeded(door, other.exchange(5, door.call()), 5);
      }
      assertThat(client.isSilentFor(SILENCE_MILLIS)).isTrue();
      gate.open();
      for (int i = 1; i <= calls; i++) {
        assertThat(client.receive().xid()).isEqualTo(first + i);
      }
      sender.join();
    }
    assertAllEnded();
  }

  @Test
  void readingGoesOnAfterATime() throws IOException {
    for (DoorCall door : doors()) {
      if (door.isUdp()) {
        continue;
      }
      try (RawCalls client = door.connect()) {
        link.arrivals.put(xid, ArrivalVerdict.stopReading("rule", SHORT));
        long startNanos = System.nanoTime();
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(SHORT.toNanos());
      }
    }
    assertAllEnded();
  }

  // ---------------------------------------------------------------- bandwidth

  @Test
  void callsAndAnswersPassALimit() throws IOException {
    for (DoorCall door : doors()) {
      for (ArrivalVerdict limit :
          List.of(
              ArrivalVerdict.limit("rule", new Bandwidth(32768)),
              ArrivalVerdict.limitEachConnection("rule", 32768))) {
        try (RawCalls client = door.connect()) {
          long bytes = 0;
          long startNanos = System.nanoTime();
          for (int i = 0; i < 3; i++) {
            link.arrivals.put(xid, limit);
            Answer answer = client.exchange(xid, door.call());
            assertSucceeded(door, answer, xid++);
            bytes += RawCalls.record(0, door.call()).length + answer.record().length;
          }
          assertThat(System.nanoTime() - startNanos)
              .as(door.toString())
              .isGreaterThanOrEqualTo(bytes * 1_000_000_000L / 32768 - 1_000_000);
        }
      }
    }
    assertAllEnded();
  }

  // ---------------------------------------------------------------- answers

  @Test
  void anAnswerIsDelayedAndOvertaken() throws IOException {
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        int delayed = xid++;
        link.replies.put(delayed, ReplyVerdict.delay("rule", SHORT));
        long startNanos = System.nanoTime();
        client.send(delayed, door.call());
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
        assertSucceeded(door, client.receive(), delayed);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(SHORT.toNanos());
      }
    }
    assertAllEnded();
  }

  @Test
  void anAnswerComesTwice() throws IOException {
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        link.replies.put(xid, ReplyVerdict.twice("rule"));
        Answer once = client.exchange(xid, door.call());
        assertSucceeded(door, once, xid);
        assertThat(client.receive().record()).as(door.toString()).isEqualTo(once.record());
        xid++;
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
      }
    }
    assertAllEnded();
  }

  @Test
  void anAnswerLeavesBehindLaterOnes() throws IOException {
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        int first = xid;
        link.replies.put(first, ReplyVerdict.behind("rule", 2, LONG));
        for (int i = 0; i < 4; i++) {
          client.send(xid++, door.call());
        }
        for (int expected : new int[] {first + 1, first + 2, first, first + 3}) {
          assertSucceeded(door, client.receive(), expected);
        }
      }
    }
    assertAllEnded();
  }

  /** The last answer is not held for ever. */
  @Test
  void anAnswerBehindOthersThatDoNotComeLeavesAfterItsLimit() throws IOException {
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        link.replies.put(xid, ReplyVerdict.behind("rule", 2, SHORT));
        long startNanos = System.nanoTime();
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
        assertThat(System.nanoTime() - startNanos).isGreaterThanOrEqualTo(SHORT.toNanos());
      }
    }
    assertAllEnded();
  }

  /** Whoever sends more than may wait is not read until there is room. */
  @Test
  void whatWaitsIsBounded() throws Exception {
    DoorCall door = doors().get(0);
    Gate gate = new Gate();
    int calls = 5000;
    try (RawCalls client = door.connect()) {
      int first = xid;
      for (int i = 0; i < calls; i++) {
        link.arrivals.put(first + i, ArrivalVerdict.hold("rule", gate));
      }
      for (int i = 0; i < calls; i++) {
        client.send(first + i, door.call());
      }
      VerdictsByXid.await(link.received, 1024);
      Thread.sleep(SILENCE_MILLIS);
      assertThat(link.received.get()).isEqualTo(1024);
      gate.open();
      for (int i = 0; i < calls; i++) {
        assertThat(client.receive().xid()).isEqualTo(first + i);
      }
      Socket stream = client.stream();
      assertThat(stream.getInputStream().available()).isZero();
    }
    assertAllEnded();
  }
}
