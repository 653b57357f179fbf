/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.DoorCalls.DoorCall;
import org.facsim.embedded.RawCalls.Answer;
import org.facsim.embedded.RawCalls.Call;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Rename3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Calls;
import org.facsim.services.calls.Departure;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Links of the call chain over the real doors of a whole array. */
class CallChainTest {
  private final HeardCalls link = new HeardCalls();
  private FacsimArray array;
  private Calls.Installed installed;
  private Volume volume;
  private Nfs3Handle root;
  private Inode file;
  private int xid = 100;

  @BeforeEach
  void start() throws IOException {
    array =
        FacsimArray.builder().nfsPort(0).portmapPort(0).seed(7).volume("ds", ByteSize.GIB).start();
    volume = array.storage().volume("ds").orElseThrow();
    root = Nfs3Handle.of(volume.root().handle().toBytes());
    file = make("file");
    installed = array.calls().install(link);
  }

  @AfterEach
  void stop() {
    array.close();
  }

  private Inode make(String name) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Unchecked(),
            AttributeChanges.NONE)
        .inode();
  }

  private boolean isThere(String name) {
    try {
      return volume.names().lookup(Caller.ROOT, volume.root(), Name.of(name)) != null;
    } catch (ArrayException none) {
      return false;
    }
  }

  private List<DoorCall> doors() {
    return new DoorCalls(array, volume.root(), file).all();
  }

  private static void assertSucceeded(DoorCall door, Answer answer, int callXid) {
    assertThat(answer.xid()).as(door.toString()).isEqualTo(callXid);
    assertThat(answer.acceptStatus()).as(door.toString()).isZero();
    if (door.word() >= 0) {
      assertThat(answer.results().getInt(door.word())).as(door.toString()).isZero();
    }
  }

  @Test
  void eachDoorMeetsEachPointOnceForEachCall() throws IOException {
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        for (int i = 0; i < 2; i++) {
          int callXid = xid++;
          assertSucceeded(door, client.exchange(callXid, door.call()), callXid);
          link.awaitEnded(1);
          assertThat(link.take())
              .as(door.toString())
              .containsExactly(
                  "received " + door.received(),
                  "operation on " + door.operation(),
                  "answered 0",
                  "ended");
          CallRecord call = link.last;
          assertThat(call.xid()).isEqualTo(callXid);
          assertThat(call.client().getAddress().isLoopbackAddress()).isTrue();
          assertThat(call.requestBytes()).isPositive();
          assertThat(call.replyBytes()).isPositive();
          assertThat(call.durationNanos()).isPositive();
          assertThat(call.caller()).as(door.toString()).contains(Caller.ROOT);
        }
      }
    }
  }

  @Test
  void anErrorIsAnsweredInTheDoorsOwnWords() throws IOException {
    link.operation = OperationVerdict.refuse("rule", ArrayError.ACCESS_DENIED);
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        Answer answer = client.exchange(xid, door.call());
        assertThat(answer.xid()).isEqualTo(xid++);
        link.awaitEnded(1);
        boolean hasWord = door.word() >= 0;
        assertThat(hasWord ? answer.results().getInt(door.word()) : answer.acceptStatus())
            .as(door.toString())
            .isEqualTo(door.refused());
        assertThat(link.take())
            .as(door.toString())
            .containsExactly(
                "received " + door.received(),
                "operation on " + door.operation(),
                "answered " + (hasWord ? door.refused() : Departure.REFUSED),
                "ended");
        assertThat(link.last.operationVerdict().error()).isEqualTo(ArrayError.ACCESS_DENIED);
      }
    }
    assertThat(array.lockTable().held()).isEmpty();
  }

  /** The client's next call is the one that is answered. */
  @Test
  void aCallThatIsNotServedIsNotAnswered() throws IOException {
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        link.arrival = ArrivalVerdict.noAnswer("rule");
        client.send(xid++, door.call());
        link.awaitEnded(1);
        assertThat(link.take()).containsExactly("received " + door.received(), "ended");
        link.arrival = ArrivalVerdict.SERVE;
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
        link.awaitEnded(1);
        link.take();
      }
    }
  }

  @Test
  void anAnswerIsLostAfterTheCallWasPerformed() throws IOException {
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        link.reply = ReplyVerdict.noAnswer("rule");
        client.send(xid++, door.call());
        link.awaitEnded(1);
        assertThat(link.take())
            .containsExactly(
                "received " + door.received(),
                "operation on " + door.operation(),
                "answered 0",
                "ended");
        link.reply = ReplyVerdict.SEND;
        assertSucceeded(door, client.exchange(xid, door.call()), xid++);
        link.awaitEnded(1);
        link.take();
      }
    }
  }

  @Test
  void aConnectionIsHungUpBeforeAndAfterTheCall() throws IOException {
    for (DoorCall door : doors()) {
      if (door.isUdp()) {
        continue;
      }
      link.arrival = ArrivalVerdict.close("rule");
      try (RawCalls client = door.connect()) {
        client.send(xid++, door.call());
        assertThat(client.isHungUp()).as(door.toString()).isTrue();
        link.awaitEnded(1);
        assertThat(link.take()).containsExactly("received " + door.received(), "ended");
      }
      link.arrival = ArrivalVerdict.SERVE;
      link.reply = ReplyVerdict.close("rule");
      try (RawCalls client = door.connect()) {
        client.send(xid++, door.call());
        assertThat(client.isHungUp()).as(door.toString()).isTrue();
        link.awaitEnded(1);
        assertThat(link.take()).as(door.toString()).hasSize(4).endsWith("answered 0", "ended");
      }
      link.reply = ReplyVerdict.SEND;
    }
  }

  /** What must not run twice does not, when its answer was lost. */
  @Test
  void aRetransmissionAfterALostReplyIsAnsweredFromMemory() throws IOException {
    Create3.Guarded guarded = new Create3.Guarded(Sattr3.NONE);
    Call create = DoorCalls.nfs3(8, new Create3.Args(root, Name3.of("new"), guarded)::encode);
    Call lock = new Call(Nlm.PROGRAM, Nlm.VERSION, Nlm.LOCK, DoorCalls.lock(file)::encode);
    for (Call call : List.of(create, lock)) {
      try (RawCalls client = RawCalls.tcp(array.nfsAddress())) {
        link.reply = ReplyVerdict.noAnswer("rule");
        client.send(5, call);
        client.send(5, call);
        link.awaitEnded(2);
        link.reply = ReplyVerdict.SEND;
        Answer answer = client.exchange(5, call);
        assertThat(answer.xid()).isEqualTo(5);
        assertThat(answer.results().getInt(call.equals(create) ? 0 : 8)).isZero();
        assertThat(
                link.take().stream().map(event -> Splitter.on(' ').split(event).iterator().next()))
            .containsExactly(
                "received",
                "operation",
                "answered",
                "ended", // lost
                "received",
                "answered",
                "ended", // lost again
                "received",
                "answered",
                "ended");
      }
    }
    assertThat(isThere("new")).isTrue();
    assertThat(array.lockTable().held()).hasSize(1);
  }

  @Test
  void aRefusedCallChangesNothing() throws IOException {
    link.operation = OperationVerdict.refuse("rule", ArrayError.NO_SPACE);
    Create3.Guarded guarded = new Create3.Guarded(Sattr3.NONE);
    try (RawCalls client = RawCalls.tcp(array.nfsAddress())) {
      Answer answer =
          client.exchange(
              1, DoorCalls.nfs3(8, new Create3.Args(root, Name3.of("new"), guarded)::encode));
      assertThat(answer.results().readInt()).isEqualTo(28);
      assertThat(link.take()).contains("operation on ds new");
      answer =
          client.exchange(
              2,
              DoorCalls.nfs3(
                  14, new Rename3.Args(root, Name3.of("file"), root, Name3.of("other"))::encode));
      assertThat(answer.results().readInt()).isEqualTo(28);
      assertThat(link.take())
          .containsExactly("received NFS RENAME", "operation on ds file", "answered 28", "ended");
      assertThat(link.last.otherName()).contains("other");
      assertThat(link.last.otherFile()).contains(volume.root());
    }
    assertThat(isThere("new")).isFalse();
    assertThat(isThere("other")).isFalse();
    assertThat(isThere("file")).isTrue();
  }

  /** What has no operation is received, answered and ended all the same. */
  @Test
  void whatIsRefusedBeforeItIsKnownHasNoOperation() throws IOException {
    try (RawCalls client = RawCalls.tcp(array.nfsAddress())) {
      List<Call> refused =
          List.of(
              new Call(4711, 1, 0, out -> {}),
              DoorCalls.nfs3(99, out -> {}),
              DoorCalls.nfs3(1, out -> out.writeInt(99)),
              DoorCalls.nfs3(1, out -> Nfs3Handle.of(new byte[32]).encode(out)));
      List<String> names = List.of("UNKNOWN 0", "NFS 99", "NFS GETATTR", "NFS GETATTR");
      for (int i = 0; i < refused.size(); i++) {
        client.exchange(i, refused.get(i));
        List<String> heard = link.take();
        assertThat(heard).hasSize(3).startsWith("received " + names.get(i)).endsWith("ended");
        assertThat(heard.get(1)).startsWith("answered ").isNotEqualTo("answered 0");
      }
    }
  }

  @Test
  void theBytesOfCallAndAnswerAreTheWiresOwn() throws IOException {
    byte[][] seen = new byte[2][];
    array
        .calls()
        .install(
            new CallInterceptor() {
              @Override
              public ArrivalVerdict received(CallRecord call) {
                seen[0] = new byte[call.request().remaining()];
                call.request().get(seen[0]);
                return ArrivalVerdict.SERVE;
              }

              @Override
              public ReplyVerdict answered(CallRecord call) {
                seen[1] = new byte[call.reply().remaining()];
                call.reply().get(seen[1]);
                return ReplyVerdict.SEND;
              }
            });
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        Answer answer = client.exchange(77, door.call());
        assertThat(seen[0]).as(door.toString()).isEqualTo(RawCalls.record(77, door.call()));
        assertThat(seen[1]).as(door.toString()).isEqualTo(answer.record());
      }
    }
  }

  @Test
  void aLinkThatThrowsOrIsTakenOutDoesNoHarm() throws IOException {
    installed.close();
    array
        .calls()
        .install(
            new CallInterceptor() {
              @Override
              public ArrivalVerdict received(CallRecord call) {
                throw new IllegalStateException("of a test");
              }

              @Override
              public OperationVerdict operation(CallRecord call) {
                throw new IllegalStateException("of a test");
              }

              @Override
              public ReplyVerdict answered(CallRecord call) {
                throw new IllegalStateException("of a test");
              }
            });
    for (DoorCall door : doors()) {
      try (RawCalls client = door.connect()) {
        assertSucceeded(door, client.exchange(3, door.call()), 3);
      }
    }
    assertThat(link.take()).isEmpty();
  }

  @Test
  void linksOfTheBuilderHearTheFirstCall() throws IOException {
    HeardCalls early = new HeardCalls();
    try (FacsimArray other =
            FacsimArray.builder().nfsPort(0).volume("a", ByteSize.GIB).interceptor(early).start();
        RawCalls client = RawCalls.tcp(other.nfsAddress())) {
      client.exchange(1, DoorCalls.nfs3(0, out -> {}));
    }
    assertThat(Stream.of("received NFS NULL", "answered 0")).isSubsetOf(early.take());
  }
}
