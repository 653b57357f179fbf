/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 18.35 to 18.37, 18.46 and 18.50, by what clients and public suites check. */
class SessionsTest {
  private static final int UPDATE = 0x40000000;
  private static final int CONFIRMED = 0x80000000;
  private static final int USE_NON_PNFS = 0x10000;
  private static final Credential OTHER = new Credential.Sys(1, "tester", 77, 77, List.of());

  private final StateDoor door = new StateDoor();

  @AfterEach
  void close() {
    door.close();
  }

  private Host exchanged(String name, long verifier, Credential as) {
    Host host = new Host(door, name, as);
    host.exchange(verifier, 0).ok(Op4.EXCHANGE_ID);
    host.readExchange();
    return host;
  }

  private static Nfs4Status create(Host host, int sequence) {
    return host.alone(host.createOps(host.clientId, sequence, 0, Host.WIDE, Host.WIDE)).status;
  }

  // ---------------------------------------------------------------- EXCHANGE_ID

  @Test
  void anUnconfirmedClientIdIsReplacedWhateverComes() {
    Host first = exchanged("a", 1, StateDoor.ROOT);
    Host same = exchanged("a", 1, StateDoor.ROOT);
    Host other = exchanged("a", 2, OTHER);
    assertThat(List.of(first.clientId, same.clientId, other.clientId)).doesNotHaveDuplicates();
    assertThat(create(first, 1)).isEqualTo(Nfs4Status.STALE_CLIENTID);
    assertThat(create(other, 1)).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void aConfirmedClientIdStaysForTheSameVerifierAndGoesWhenTheNewOneIsConfirmed() {
    Host first = exchanged("a", 1, StateDoor.ROOT);
    first.createSession(0);
    Host again = new Host(door, "a");
    again.exchange(1, 0).ok(Op4.EXCHANGE_ID);
    assertThat(again.readExchange()).isEqualTo(USE_NON_PNFS | CONFIRMED);
    assertThat(again.clientId).isEqualTo(first.clientId);
    assertThat(again.createSequence).isEqualTo(2);

    Host restarted = exchanged("a", 2, StateDoor.ROOT);
    assertThat(restarted.clientId).isNotEqualTo(first.clientId);
    first.call(Ops.none()).sequence();
    restarted.createSession(0);
    assertThat(first.call(Ops.none()).status).isEqualTo(Nfs4Status.BADSESSION);
  }

  @Test
  void anotherPrincipalReplacesOnlyWhatHoldsNothing() {
    Host first = exchanged("a", 1, StateDoor.ROOT);
    first.createSession(0);
    Host other = new Host(door, "a", OTHER);
    assertThat(other.exchange(1, 0).status).isEqualTo(Nfs4Status.CLID_INUSE);
    first
        .call(Ops.none().add(Op4.DESTROY_SESSION, out -> writeId(out, first)))
        .sequence()
        .ok(Op4.DESTROY_SESSION);
    assertThat(other.exchange(1, 0).status).isEqualTo(Nfs4Status.OK);
    assertThat(create(first, 2)).isEqualTo(Nfs4Status.STALE_CLIENTID);
  }

  private static void writeId(io.netty.buffer.ByteBuf out, Host host) {
    out.writeLong(host.sessionHigh).writeLong(host.sessionLow);
  }

  @Test
  void anUpdateNeedsAConfirmedClientOfThisVerifierAndPrincipal() {
    Host host = new Host(door, "a");
    assertThat(host.exchange(1, UPDATE).status).isEqualTo(Nfs4Status.NOENT);
    Host confirmed = exchanged("a", 1, StateDoor.ROOT);
    assertThat(host.exchange(1, UPDATE).status).isEqualTo(Nfs4Status.NOENT);
    confirmed.createSession(0);
    assertThat(host.exchange(2, UPDATE).status).isEqualTo(Nfs4Status.NOT_SAME);
    assertThat(new Host(door, "a", OTHER).exchange(1, UPDATE).status).isEqualTo(Nfs4Status.PERM);
    host.exchange(1, UPDATE).ok(Op4.EXCHANGE_ID);
    host.readExchange();
    assertThat(host.clientId).isEqualTo(confirmed.clientId);
  }

  @Test
  void flagsThatNoClientSetsAreInvalid() {
    Host host = new Host(door, "a");
    assertThat(host.exchange(1, 4).status).isEqualTo(Nfs4Status.INVAL);
    assertThat(host.exchange(1, CONFIRMED).status).isEqualTo(Nfs4Status.INVAL);
  }

  @Test
  void theServerOwnerIsTheSameOnEveryConnection() {
    byte[] one = ownerOf(new Host(door, "a").exchange(1, 0));
    byte[] other = ownerOf(new Host(door, "b").exchange(1, 0));
    assertThat(one).isEqualTo(other).isNotEmpty();
  }

  private static byte[] ownerOf(Answer answer) {
    answer.ok(Op4.EXCHANGE_ID).in.skipBytes(8 + 4 + 4 + 4 + 8);
    return answer.opaque();
  }

  @Test
  void aClientThatDoesNotConfirmInALeaseIsForgotten() {
    Host host = exchanged("a", 1, StateDoor.ROOT);
    Host other = exchanged("b", 1, StateDoor.ROOT);
    door.time.pass(Duration.ofSeconds(80));
    assertThat(create(other, 1)).isEqualTo(Nfs4Status.OK);
    door.time.pass(Duration.ofSeconds(30));
    assertThat(create(host, 1)).isEqualTo(Nfs4Status.STALE_CLIENTID);
  }

  @Test
  void aClientThatMakesClientIdsWithoutEndPushesOutItsOwnOnly() {
    Host kept = exchanged("kept", 1, StateDoor.ROOT);
    kept.createSession(0);
    Host many = new Host(door, "x");
    for (int i = 0; i < 3 * StateDoor.LIMITS.clients(); i++) {
      int number = i;
      Answer answer =
          many.alone(
              Ops.none()
                  .add(
                      Op4.EXCHANGE_ID,
                      out -> {
                        out.writeLong(1);
                        Xdr.writeString(out, "many" + number);
                        out.writeInt(0).writeInt(0).writeInt(0);
                      }));
      assertThat(answer.status).isEqualTo(Nfs4Status.OK);
    }
    assertThat(door.state.clients().count()).isLessThanOrEqualTo(StateDoor.LIMITS.clients());
    kept.call(Ops.none()).sequence();
  }

  // ---------------------------------------------------------------- CREATE_SESSION

  @Test
  void createSessionIsExecutedOnce() {
    Host host = exchanged("a", 1, StateDoor.ROOT);
    assertThat(create(host, 0)).isEqualTo(Nfs4Status.SEQ_MISORDERED);
    Ops ops = host.createOps(host.clientId, 1, 0, Host.WIDE, Host.WIDE);
    Answer first = host.alone(ops);
    assertThat(first.status).isEqualTo(Nfs4Status.OK);
    assertThat(host.alone(ops).whole).isEqualTo(first.whole);
    assertThat(create(host, 3)).isEqualTo(Nfs4Status.SEQ_MISORDERED);
    assertThat(create(host, 2)).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void anotherPrincipalCannotConfirm() {
    Host host = exchanged("a", 1, StateDoor.ROOT);
    Host other = new Host(door, "a", OTHER);
    other.clientId = host.clientId;
    assertThat(create(other, 1)).isEqualTo(Nfs4Status.CLID_INUSE);
    assertThat(create(host, 1)).isEqualTo(Nfs4Status.OK);
    assertThat(create(other, 2)).as("after it is confirmed").isEqualTo(Nfs4Status.OK);
  }

  @Test
  void boundsAreNegotiatedAndNonsenseIsRefused() {
    Host host = exchanged("a", 1, StateDoor.ROOT);
    int[] many = {0, 8192, 8192, 8192, 128, 500, 0};
    int[] small = {0, 20, 8192, 8192, 128, 8, 0};
    int[] shortReply = {0, 8192, 0, 8192, 128, 8, 0};
    assertThat(host.alone(host.createOps(host.clientId, 1, 0, small, many)).status)
        .isEqualTo(Nfs4Status.TOOSMALL);
    assertThat(host.alone(host.createOps(host.clientId, 1, 0, shortReply, many)).status)
        .isEqualTo(Nfs4Status.TOOSMALL);
    assertThat(host.alone(host.createOps(host.clientId, 1, 0, many, small)).status)
        .isEqualTo(Nfs4Status.TOOSMALL);
    assertThat(host.alone(host.createOps(host.clientId, 1, 0xf, many, many)).status)
        .isEqualTo(Nfs4Status.INVAL);
    host.readSession(host.alone(host.createOps(host.clientId, 1, 1, many, many)));
    assertThat(host.slots).isBetween(1, StateDoor.LIMITS.slots());
    assertThat(call(host, host.slots, 1)).isEqualTo(Nfs4Status.BADSLOT);
    assertThat(call(host, host.slots - 1, 1)).isEqualTo(Nfs4Status.OK);
  }

  /** SEQUENCE says how many slots there are now: RFC 8881, section 2.10.6.1. */
  @Test
  void aSessionThatGotFewSlotsGetsMoreWhenThereIsMemory() {
    StateLimits l = StateDoor.LIMITS;
    StateLimits tight =
        new StateLimits(
            l.clients(),
            l.sessionsPerClient(),
            l.slots(),
            l.cachedReplyBytes(),
            640L * l.cachedReplyBytes(),
            l.ownersPerClient(),
            l.ownerMemoryBytes(),
            l.statesPerClient());
    try (StateDoor small = new StateDoor(tight, null);
        Host host = Host.ready(small, "a")) {
      assertThat(host.slots).isEqualTo(10);
      assertThat(call(host, 10, 1)).isEqualTo(Nfs4Status.BADSLOT);
      small.time.pass(StateDoor.LEASE.dividedBy(4));
      Answer answer = host.call(Ops.none()).ok(Op4.SEQUENCE);
      answer.in.skipBytes(16 + 8);
      assertThat(answer.in.readInt()).as("highest").isEqualTo(tight.slots() - 1);
      assertThat(answer.in.readInt()).as("target").isEqualTo(tight.slots() - 1);
      assertThat(call(host, tight.slots() - 1, 1)).isEqualTo(Nfs4Status.OK);
      assertThat(call(host, tight.slots(), 1)).isEqualTo(Nfs4Status.BADSLOT);
    }
  }

  private static Nfs4Status call(Host host, int slot, int sequence) {
    return host.alone(host.sequenced(sequence, slot, true, Ops.none())).status;
  }

  @Test
  void sessionsOfAClientAreBounded() {
    Host host = exchanged("a", 1, StateDoor.ROOT);
    for (int i = 1; i <= StateDoor.LIMITS.sessionsPerClient(); i++) {
      assertThat(create(host, i)).isEqualTo(Nfs4Status.OK);
    }
    int next = StateDoor.LIMITS.sessionsPerClient() + 1;
    assertThat(create(host, next)).isEqualTo(Nfs4Status.NOSPC);
  }

  // ---------------------------------------------------------------- SEQUENCE

  @Test
  void aRepeatedRequestIsAnsweredFromMemoryAndNotExecutedAgain() {
    Host host = Host.ready(door, "a");
    host.close(host.create("f"));
    Ops remove = host.sequenced(1, 3, true, Ops.volume().remove("f"));
    Answer first = host.alone(remove);
    assertThat(first.status).isEqualTo(Nfs4Status.OK);
    assertThat(host.alone(remove).whole).isEqualTo(first.whole);
    Ops fails = host.sequenced(2, 3, true, Ops.volume().remove("f"));
    Answer failure = host.alone(fails);
    assertThat(failure.status).isEqualTo(Nfs4Status.NOENT);
    host.create("f");
    assertThat(host.alone(fails).whole).as("errors are remembered, too").isEqualTo(failure.whole);
  }

  @Test
  void slotsAreInOrder() {
    Host host = Host.ready(door, "a");
    assertThat(call(host, 2, 0)).isEqualTo(Nfs4Status.SEQ_MISORDERED);
    assertThat(call(host, 2, 2)).isEqualTo(Nfs4Status.SEQ_MISORDERED);
    assertThat(call(host, 2, 1)).isEqualTo(Nfs4Status.OK);
    assertThat(call(host, 2, 3)).isEqualTo(Nfs4Status.SEQ_MISORDERED);
    assertThat(call(host, 2, 0)).isEqualTo(Nfs4Status.SEQ_MISORDERED);
    assertThat(call(host, 2, 2)).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void theSequenceOfASlotWrapsToZero() {
    Slot4 slot = Slot4.answeredUpTo(-1, session());
    assertThat(arrives(slot, 1)).isEqualTo(Slot4.Arrival.MISORDERED);
    assertThat(arrives(slot, 0)).isEqualTo(Slot4.Arrival.NEXT);
    assertThat(arrives(slot, 0)).isEqualTo(Slot4.Arrival.RUNNING);
    assertThat(arrives(slot, 1)).as("while the last one runs").isEqualTo(Slot4.Arrival.MISORDERED);
    slot.abandoned(null);
    assertThat(arrives(slot, 0)).isEqualTo(Slot4.Arrival.REPEATED);
    assertThat(arrives(slot, 1)).isEqualTo(Slot4.Arrival.NEXT);
  }

  /** The same requests come over several connections, each of which has its own thread. */
  @Test
  void onlyOneOfSeveralThreadsExecutesARequest() throws Exception {
    Slot4 slot = session().slot(0);
    int requests = 20_000;
    int threads = 3;
    AtomicIntegerArray executed = new AtomicIntegerArray(requests + 1);
    AtomicIntegerArray misordered = new AtomicIntegerArray(requests + 1);
    CyclicBarrier together = new CyclicBarrier(threads);
    ExecutorService connections = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        ends.add(
            connections.submit(
                () -> {
                  for (int number = 1; number <= requests; number++) {
                    Slot4.Arrival arrival = arrives(slot, number);
                    if (arrival == Slot4.Arrival.NEXT) {
                      executed.incrementAndGet(number);
                      slot.abandoned(null);
                    } else if (arrival == Slot4.Arrival.MISORDERED) {
                      misordered.incrementAndGet(number);
                    }
                    together.await();
                  }
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      connections.shutdownNow();
    }
    for (int number = 1; number <= requests; number++) {
      assertThat(executed.get(number)).as("request %s", number).isEqualTo(1);
      assertThat(misordered.get(number)).as("request %s", number).isZero();
    }
  }

  private static Session4 session() {
    return new Session4(null, 1, new ChannelAttributes(1024, 1024, 1024, 8, 1), null, 1);
  }

  private static Slot4.Arrival arrives(Slot4 slot, int number) {
    return slot.arrives(number, false, 2, new Credential.None());
  }

  @Test
  void anUncachedReplyIsNotExecutedAgain() {
    Host host = Host.ready(door, "a");
    host.close(host.create("f"));
    Ops remove = host.sequenced(1, 3, false, Ops.volume().remove("f"));
    assertThat(host.alone(remove).status).isEqualTo(Nfs4Status.OK);
    host.close(host.create("f"));
    host.alone(remove).sequence().expect(Op4.PUTROOTFH, Nfs4Status.RETRY_UNCACHED_REP);
    assertThat(door.inode("f")).isNotNull();
    Ops solo = host.sequenced(2, 3, false, Ops.none());
    assertThat(host.alone(solo).whole).isEqualTo(host.alone(solo).whole);
  }

  @Test
  void whatWasAnsweredBeforeARestoreIsNotTrueAfterIt() {
    Host host = Host.ready(door, "a");
    host.close(host.create("f"));
    Ops remove = host.sequenced(1, 3, true, Ops.volume().remove("f"));
    assertThat(host.alone(remove).status).isEqualTo(Nfs4Status.OK);
    door.state.forgetCalls();
    host.alone(remove).sequence().expect(Op4.PUTROOTFH, Nfs4Status.RETRY_UNCACHED_REP);
  }

  @Test
  void aRetryOfAnotherRequestIsFalse() {
    Host host = Host.ready(door, "a");
    assertThat(call(host, 1, 1)).isEqualTo(Nfs4Status.OK);
    Host other = new Host(door, "a", OTHER);
    other.sessionHigh = host.sessionHigh;
    other.sessionLow = host.sessionLow;
    assertThat(call(other, 1, 1)).isEqualTo(Nfs4Status.SEQ_FALSE_RETRY);
    Ops longer = host.sequenced(1, 1, true, Ops.volume());
    assertThat(host.alone(longer).status).isEqualTo(Nfs4Status.SEQ_FALSE_RETRY);
  }

  @Test
  void whatExceedsTheSessionIsRefusedAndLeavesTheSlotAlone() {
    Host host = exchanged("a", 1, StateDoor.ROOT);
    int[] fore = {0, 512, 600, 100, 4, 2, 0};
    host.readSession(host.alone(host.createOps(host.clientId, 1, 0, fore, Host.WIDE)));
    Ops tooLong =
        host.sequenced(
            1, 0, true, Ops.volume().add(Op4.LOOKUP, out -> Xdr.writeString(out, "x".repeat(500))));
    assertThat(host.alone(tooLong).status).isEqualTo(Nfs4Status.REQ_TOO_BIG);
    Ops tooMany = host.sequenced(1, 0, true, Ops.volume().getHandle().getHandle());
    assertThat(host.alone(tooMany).status).isEqualTo(Nfs4Status.TOO_MANY_OPS);
    Ops tooBigToCache = host.sequenced(1, 0, true, Ops.volume().getHandle());
    assertThat(host.alone(tooBigToCache).status).isEqualTo(Nfs4Status.REP_TOO_BIG_TO_CACHE);
    Ops right = host.sequenced(2, 0, false, Ops.volume().getHandle());
    assertThat(host.alone(right).status).as("the slot was used once").isEqualTo(Nfs4Status.OK);
    int[] tiny = {0, 512, 600, 10, 4, 2, 0};
    host.readSession(host.alone(host.createOps(host.clientId, 2, 0, tiny, Host.WIDE)));
    assertThat(call(host, 0, 1)).isEqualTo(Nfs4Status.REP_TOO_BIG_TO_CACHE);
    assertThat(host.alone(host.sequenced(1, 0, false, Ops.none())).status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void aFailingSequenceDoesNotRenewTheLease() {
    Host host = Host.ready(door, "a");
    host.create("f");
    for (int i = 0; i < 10; i++) {
      door.time.pass(Duration.ofSeconds(10));
      assertThat(call(host, 0, 99)).isEqualTo(Nfs4Status.SEQ_MISORDERED);
    }
    Host other = Host.ready(door, "b");
    assertThat(other.openStatus(Ops.wish("f").deny(Ops.BOTH))).isEqualTo(Nfs4Status.OK);
    assertThat(host.call(Ops.none()).status).isEqualTo(Nfs4Status.BADSESSION);
  }

  @Test
  void everyCallThatDoesNotComeWithOthersRenewsTheLease() {
    Host host = Host.ready(door, "a");
    host.create("f");
    for (int i = 0; i < 10; i++) {
      door.time.pass(Duration.ofSeconds(50));
      assertThat(host.call(Ops.none()).status).isEqualTo(Nfs4Status.OK);
    }
    Host other = Host.ready(door, "b");
    assertThat(other.openStatus(Ops.wish("f").deny(Ops.BOTH))).isEqualTo(Nfs4Status.SHARE_DENIED);
  }

  @Test
  void aSessionOfAnEarlierRunIsBad() {
    Host host = Host.ready(door, "a");
    door.restart();
    Host back = new Host(door, "a");
    back.sessionHigh = host.sessionHigh;
    back.sessionLow = host.sessionLow;
    assertThat(back.call(Ops.none()).status).isEqualTo(Nfs4Status.BADSESSION);
  }

  // ---------------------------------------------------------------- connections, and the end

  @Test
  void aSessionIsDestroyedOnlyOverAConnectionOfItsOwn() {
    Host host = Host.ready(door, "a");
    RpcClient rogue =
        RpcClient.connect(
                door.address(), RpcClientOptions.defaults().withCredential(StateDoor.ROOT))
            .join();
    Ops destroy = Ops.none().add(Op4.DESTROY_SESSION, out -> writeId(out, host));
    assertThat(Host.send(rogue, 1, destroy).join().status)
        .isEqualTo(Nfs4Status.CONN_NOT_BOUND_TO_SESSION);
    Ops solo = host.sequenced(1, 5, false, Ops.none());
    assertThat(Host.send(rogue, 1, solo).join().status).isEqualTo(Nfs4Status.OK);
    assertThat(Host.send(rogue, 1, destroy).join().status).isEqualTo(Nfs4Status.OK);
    assertThat(host.call(Ops.none()).status).isEqualTo(Nfs4Status.BADSESSION);
    rogue.close();
  }

  @Test
  void destroyingTheOwnSessionIsTheLastOperation() {
    Host host = Host.ready(door, "a");
    Ops ops = Ops.none().add(Op4.DESTROY_SESSION, out -> writeId(out, host)).op(Op4.PUTROOTFH);
    host.call(ops).sequence().expect(Op4.DESTROY_SESSION, Nfs4Status.NOT_ONLY_OP);
  }

  @Test
  void aClientIdIsDestroyedWhenItHasNothing() {
    Host host = Host.ready(door, "a");
    Ops destroy = Ops.none().add(Op4.DESTROY_CLIENTID, out -> out.writeLong(host.clientId));
    assertThat(host.alone(destroy).status).isEqualTo(Nfs4Status.CLIENTID_BUSY);
    host.alone(Ops.none().add(Op4.DESTROY_SESSION, out -> writeId(out, host)))
        .ok(Op4.DESTROY_SESSION);
    assertThat(host.alone(destroy).status).isEqualTo(Nfs4Status.OK);
    assertThat(host.alone(destroy).status).isEqualTo(Nfs4Status.STALE_CLIENTID);
  }

  @Test
  void connectionsServeTheDirectionsThatTheyAreBoundTo() {
    Host host = Host.ready(door, "a");
    assertThat(bind(host, 1)).isEqualTo(1);
    assertThat(bind(host, 2)).isEqualTo(2);
    assertThat(bind(host, 3)).isEqualTo(3);
    assertThat(bind(host, 7)).isEqualTo(3);
    Ops behind = Ops.none().add(Op4.BIND_CONN_TO_SESSION, out -> writeBind(out, host, 1));
    host.call(behind).sequence().expect(Op4.BIND_CONN_TO_SESSION, Nfs4Status.NOT_ONLY_OP);
    assertThat(
            host.alone(Ops.none().add(Op4.BIND_CONN_TO_SESSION, out -> writeBind(out, host, 9)))
                .status)
        .isEqualTo(Nfs4Status.BADXDR);
  }

  private static void writeBind(io.netty.buffer.ByteBuf out, Host host, int direction) {
    writeId(out, host);
    out.writeInt(direction).writeInt(0);
  }

  private static int bind(Host host, int direction) {
    Answer answer =
        host.alone(
            Ops.none().add(Op4.BIND_CONN_TO_SESSION, out -> writeBind(out, host, direction)));
    answer.ok(Op4.BIND_CONN_TO_SESSION).in.skipBytes(16);
    return answer.in.readInt();
  }

  @Test
  void reclaimingIsCompleteOnce() {
    Host host = new Host(door, "a");
    host.exchange(1, 0).ok(Op4.EXCHANGE_ID);
    host.readExchange();
    host.createSession(0);
    assertThat(host.openStatus(Ops.wish("f").create(OpenArgs.UNCHECKED)))
        .as("before RECLAIM_COMPLETE")
        .isEqualTo(Nfs4Status.GRACE);
    Ops one = Ops.none().add(Op4.RECLAIM_COMPLETE, out -> out.writeInt(1));
    assertThat(host.call(one).status).isEqualTo(Nfs4Status.NOFILEHANDLE);
    Ops all = Ops.none().add(Op4.RECLAIM_COMPLETE, out -> out.writeInt(0));
    assertThat(host.call(all).status).isEqualTo(Nfs4Status.OK);
    assertThat(host.call(all).status).isEqualTo(Nfs4Status.COMPLETE_ALREADY);
  }

  @Test
  void theLossOfTheBackChannelIsTold() {
    Host host = Host.ready(door, "a");
    assertThat(host.statusFlags()).isZero();
    Host second = new Host(door, "a");
    second.sessionHigh = host.sessionHigh;
    second.sessionLow = host.sessionLow;
    host.close();
    int flags = 0;
    for (int i = 1; flags == 0 && i < 1000; i++) { // until the server sees that it is closed
      Answer answer = second.alone(second.sequenced(i, 1, false, Ops.none()));
      flags = answer.sequence().flags;
    }
    assertThat(flags).isEqualTo(0x201);
    assertThat(bind(second, 3)).isEqualTo(3);
    Answer answer = second.alone(second.sequenced(1, 2, false, Ops.none()));
    assertThat(answer.sequence().flags).isZero();
  }
}
