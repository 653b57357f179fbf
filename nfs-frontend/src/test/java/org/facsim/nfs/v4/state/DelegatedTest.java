/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.nfs3.Nfs3Client;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.testing.BufferLeaks;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Delegations, and their recall over the back channel: RFC 8881 sections 10.4 and 20.2. */
class DelegatedTest {
  private static final int NONE_WITH_REASON = 3;
  private final StateDoor door = new StateDoor();
  private Host anna;
  private Host bert;

  @BeforeEach
  void join() {
    anna = Host.ready(door, "anna");
    bert = Host.ready(door, "bert");
    bert.close(bert.create("f"));
  }

  @AfterEach
  void close() {
    anna.close();
    bert.close();
    door.close();
  }

  private Answer.Opened delegated(int access) {
    Answer.Opened opened = anna.open(Ops.wish("f").access(access));
    assertThat(opened.delegated).as("a delegation").isNotNull();
    return opened;
  }

  private void giveBack(Host host, byte[] handle, Stateid4 stateid) {
    assertThat(host.call(Ops.at(handle).stateid(Op4.DELEGRETURN, stateid)).status)
        .isEqualTo(Nfs4Status.OK);
  }

  @Test
  void aReaderGetsAReadDelegationAndAWriterAWriteDelegation() {
    Answer.Opened reads = delegated(Ops.READ);
    assertThat(reads.delegation).isEqualTo(OpenArgs.DELEGATE_READ);
    assertThat(bert.open(Ops.wish("f").access(Ops.READ)).delegation)
        .as("readers do not mind")
        .isEqualTo(OpenArgs.DELEGATE_READ);
    assertThat(anna.open(Ops.wish("new").create(OpenArgs.UNCHECKED)).delegation)
        .as("a file that was just made")
        .isZero();
    assertThat(
            anna.open(
                    Ops.wish("other").create(OpenArgs.UNCHECKED).access(Ops.BOTH | Ops.WANT_WRITE))
                .delegation)
        .as("asked for")
        .isEqualTo(OpenArgs.DELEGATE_WRITE);
    assertThat(anna.open(Ops.wish("new").owner("second")).delegation)
        .isEqualTo(OpenArgs.DELEGATE_WRITE);
    Answer.Opened unwanted = anna.open(Ops.wish("f").access(Ops.READ | Ops.WANT_NONE));
    assertThat(unwanted.delegation).isEqualTo(NONE_WITH_REASON);
    assertThat(unwanted.reason).isZero();
  }

  @Test
  void anOpenForWritingRecallsAndWaits() {
    Answer.Opened reads = delegated(Ops.READ);
    CompletableFuture<Answer> writes =
        bert.later(Ops.volume().open(Ops.wish("f").access(Ops.BOTH)));
    CallbackProgram.Asked asked = anna.callbacks.next();
    assertThat(asked.stateid()).isEqualTo(reads.delegated);
    assertThat(asked.sequence()).isEqualTo(1);
    assertThat(writes).isNotDone();
    giveBack(anna, reads.handle, reads.delegated);
    assertThat(writes.join().status).isEqualTo(Nfs4Status.OK);
    assertThat(door.holdings.delegations().count()).isZero();
  }

  @Test
  void whatWaitsWhenTheServerStopsHoldsNoBuffer() {
    stopWhileOneWaits();
    assertThat(BufferLeaks.collect()).isEmpty();
  }

  private static void stopWhileOneWaits() {
    try (StateDoor stopped = new StateDoor();
        Host holder = Host.ready(stopped, "holder");
        Host waiter = Host.ready(stopped, "waiter")) {
      waiter.close(waiter.create("f"));
      assertThat(holder.open(Ops.wish("f").access(Ops.READ)).delegated).isNotNull();
      CompletableFuture<Answer> waits =
          waiter.later(Ops.volume().open(Ops.wish("f").access(Ops.BOTH)));
      holder.callbacks.next();
      assertThat(waits).isNotDone();
    }
  }

  @Test
  void callbacksHaveTheMinorVersionOfTheSession() {
    try (Host carl = new Host(door, "carl")) {
      carl.minor = 2;
      carl.join();
      Answer.Opened reads = carl.open(Ops.wish("f").access(Ops.READ));
      CompletableFuture<Answer> writes =
          bert.later(Ops.volume().open(Ops.wish("f").access(Ops.BOTH)));
      assertThat(carl.callbacks.next().minor()).isEqualTo(2);
      giveBack(carl, reads.handle, reads.delegated);
      assertThat(writes.join().status).isEqualTo(Nfs4Status.OK);
    }
  }

  @Test
  void whoDoesNotGiveBackInTimeDelaysOthersAndIsRevoked() {
    Answer.Opened reads = delegated(Ops.READ);
    Ops.OpenWish wish = Ops.wish("f").access(Ops.BOTH);
    CompletableFuture<Answer> writes = bert.later(Ops.volume().open(wish));
    anna.callbacks.next();
    door.time.pass(Duration.ofSeconds(6));
    assertThat(writes.join().status).isEqualTo(Nfs4Status.DELAY);
    for (int i = 0; i < 9; i++) {
      anna.statusFlags();
      bert.statusFlags();
      door.time.pass(Duration.ofSeconds(10));
    }
    assertThat(bert.openStatus(wish)).isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.at(reads.handle).read(reads.delegated)).status)
        .isEqualTo(Nfs4Status.DELEG_REVOKED);
    assertThat(anna.statusFlags()).isEqualTo(0x40);
    assertThat(anna.call(Ops.none().stateid(Op4.FREE_STATEID, reads.delegated)).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(anna.statusFlags()).isZero();
  }

  @Test
  void aSilentPeerIsCalledAgainOverANewWay() {
    Answer.Opened reads = delegated(Ops.READ);
    anna.callbacks.answer = Nfs4Status.DELAY.code();
    CompletableFuture<Answer> writes =
        bert.later(Ops.volume().open(Ops.wish("f").access(Ops.BOTH)));
    assertThat(anna.callbacks.next().sequence()).isEqualTo(1);
    anna.callbacks.answer = 0;
    anna.alone(
            Ops.none()
                .add(
                    Op4.DESTROY_SESSION,
                    out -> out.writeLong(anna.sessionHigh).writeLong(anna.sessionLow)))
        .ok(Op4.DESTROY_SESSION);
    anna.createSession(Host.BACK_CHANNEL);
    assertThat(anna.callbacks.next().sequence()).as("of the new session").isEqualTo(1);
    giveBack(anna, reads.handle, reads.delegated);
    assertThat(writes.join().status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void aLapsedClientsDelegationIsNoObstacle() {
    delegated(Ops.READ);
    door.time.pass(Duration.ofSeconds(95));
    Host carl = Host.ready(door, "carl");
    assertThat(carl.openStatus(Ops.wish("f").access(Ops.BOTH))).isEqualTo(Nfs4Status.OK);
    carl.close();
  }

  @Test
  void anOpenThatIsDeniedRecallsNothing() {
    Answer.Opened reads = anna.open(Ops.wish("f").access(Ops.READ).deny(Ops.WRITE));
    assertThat(reads.delegated).isNotNull();
    assertThat(bert.openStatus(Ops.wish("f").access(Ops.WRITE))).isEqualTo(Nfs4Status.SHARE_DENIED);
    assertThat(anna.callbacks.asked).isEmpty();
  }

  @Test
  void removingAndSettingAttributesRecall() {
    Answer.Opened reads = delegated(Ops.READ);
    assertThat(anna.call(Ops.at(reads.handle).close(0, reads.stateid)).status)
        .isEqualTo(Nfs4Status.OK);
    CompletableFuture<Answer> removes = bert.later(Ops.volume().remove("f"));
    anna.callbacks.next();
    giveBack(anna, reads.handle, reads.delegated);
    assertThat(removes.join().status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void callsOfVersion3Recall() {
    Answer.Opened writes = delegated(Ops.BOTH | Ops.WANT_WRITE);
    Nfs3Client old = new Nfs3Client(bert.rpc);
    Nfs3Handle handle = Nfs3Handle.of(writes.handle);
    assertThat(status(old, handle)).isEqualTo(Nfs3Status.JUKEBOX);
    assertThat(anna.callbacks.next().stateid()).isEqualTo(writes.delegated);
    giveBack(anna, writes.handle, writes.delegated);
    assertThat(status(old, handle)).isEqualTo(Nfs3Status.OK);
  }

  private static Nfs3Status status(Nfs3Client old, Nfs3Handle handle) {
    return old.read(new Read3.Args(handle, 0, 100), Read3.Result::status).join();
  }

  private static Ops sizeAndChange(byte[] handle) {
    return Ops.at(handle).add(Op4.GETATTR, out -> out.writeInt(1).writeInt(1 << 3 | 1 << 4));
  }

  /** Change attribute and size. */
  private static long[] read(Answer answer) {
    answer.sequence().handle().ok(Op4.GETATTR).in.skipBytes(12);
    return new long[] {answer.in.readLong(), answer.in.readLong()};
  }

  @Test
  void aClientThatMayHaveNewerAttributesIsAskedForThem() {
    Answer.Opened writes = delegated(Ops.BOTH | Ops.WANT_WRITE);
    long before = door.inode("f").attributes().changeCounter();
    anna.callbacks.change = before;
    anna.callbacks.size = 0;
    assertThat(read(bert.call(sizeAndChange(writes.handle)))).containsExactly(before, 0);
    anna.callbacks.change = before + 1;
    anna.callbacks.size = 4711;
    long[] dirty = read(bert.call(sizeAndChange(writes.handle)));
    assertThat(dirty[0]).isGreaterThan(before);
    assertThat(dirty[1]).isEqualTo(4711);
    assertThat(anna.callbacks.asked).hasSize(2);
    assertThat(anna.callbacks.asked).noneMatch(asked -> asked.stateid() != null);
    assertThat(door.inode("f").attributes().changeCounter()).isEqualTo(dirty[0]);
    assertThat(door.holdings.delegations().count()).isEqualTo(1);
    long[] own = read(anna.call(sizeAndChange(writes.handle)));
    assertThat(own[1]).as("the client itself sees what the array has").isZero();
  }

  @Test
  void aClientThatDoesNotSayWhatItHasIsRecalled() {
    Answer.Opened writes = delegated(Ops.BOTH | Ops.WANT_WRITE);
    anna.callbacks.answer = Nfs4Status.SERVERFAULT.code();
    CompletableFuture<Answer> looks = bert.later(sizeAndChange(writes.handle));
    assertThat(anna.callbacks.next().stateid()).as("CB_GETATTR").isNull();
    assertThat(anna.callbacks.next().stateid()).as("CB_RECALL").isEqualTo(writes.delegated);
    giveBack(anna, writes.handle, writes.delegated);
    assertThat(looks.join().status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void aRestoreOfANamedStateRecallsFirst() {
    door.array.saveState("before");
    Answer.Opened writes = delegated(Ops.BOTH);
    CompletableFuture<Void> restore =
        CompletableFuture.runAsync(() -> door.array.restoreState("before"));
    assertThat(anna.callbacks.next().stateid()).isEqualTo(writes.delegated);
    assertThat(restore).as("it waits for the client").isNotDone();
    giveBack(anna, writes.handle, writes.delegated);
    restore.join();
  }

  @Test
  void ownCallsDoNotRecall() {
    Answer.Opened writes = delegated(Ops.BOTH | Ops.WANT_WRITE);
    assertThat(anna.call(Ops.at(writes.handle).setSize(writes.stateid, 10)).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.at(writes.handle).writeData(writes.delegated, "x")).status)
        .isEqualTo(Nfs4Status.OK);
    assertThat(anna.call(Ops.volume().remove("f")).status).isEqualTo(Nfs4Status.OK);
    assertThat(anna.callbacks.asked).isEmpty();
  }

  @Test
  void whatIsDelegatedIsOpenedByTheDelegation() {
    Answer.Opened reads = delegated(Ops.READ);
    CompletableFuture<Answer> waits = bert.later(Ops.volume().open(Ops.wish("f").access(Ops.BOTH)));
    anna.callbacks.next();
    Ops.OpenWish current =
        new Ops.OpenWish()
            .access(Ops.READ)
            .owner("second")
            .claim(
                out -> {
                  out.writeInt(OpenArgs.CLAIM_DELEGATE_CUR);
                  reads.delegated.encode(out);
                  Xdr.writeString(out, "f");
                });
    assertThat(anna.open(current).delegation).isZero();
    Ops.OpenWish byHandle =
        new Ops.OpenWish()
            .access(Ops.READ)
            .owner("third")
            .claim(
                out -> {
                  out.writeInt(OpenArgs.CLAIM_DELEG_CUR_FH);
                  reads.delegated.encode(out);
                });
    assertThat(anna.call(Ops.at(reads.handle).open(byHandle)).status).isEqualTo(Nfs4Status.OK);
    giveBack(anna, reads.handle, reads.delegated);
    assertThat(waits.join().status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void aClientWithoutABackChannelGetsNone() {
    Host carl = new Host(door, "carl");
    carl.exchange(1, 0).ok(Op4.EXCHANGE_ID);
    carl.readExchange();
    carl.createSession(0);
    carl.call(Ops.none().add(Op4.RECLAIM_COMPLETE, out -> out.writeInt(0)));
    assertThat(carl.open(Ops.wish("f").access(Ops.READ)).delegation).isZero();
    carl.close();
  }

  @Test
  void aDelegationIsWantedWithoutAnOpen() {
    Answer.Opened f = anna.create("f");
    anna.close(f);
    Ops want =
        Ops.at(f.handle).add(Op4.WANT_DELEGATION, out -> out.writeInt(Ops.WANT_READ).writeInt(4));
    Answer answer = anna.call(want);
    answer.sequence().handle().ok(Op4.WANT_DELEGATION);
    assertThat(answer.in.readInt()).isEqualTo(OpenArgs.DELEGATE_READ);
    giveBack(anna, f.handle, answer.stateid());
  }
}
