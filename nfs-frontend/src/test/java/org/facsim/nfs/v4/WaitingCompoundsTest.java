/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.services.state.Delegation;
import org.facsim.services.state.DelegationHolder;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.LockOwner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A COMPOUND that must wait: for stable storage, for a recall, for something else. */
class WaitingCompoundsTest {
  private final Groups groups = new Groups();
  private final CompletableFuture<Void> awaited = new CompletableFuture<>();
  private final Door4 door = new Door4(groups, new Waits(awaited));

  @AfterEach
  void close() {
    door.close();
  }

  /** No group is durable before a test says so. */
  private static final class Groups implements Durability {
    final List<Consumer<Throwable>> waiting = new CopyOnWriteArrayList<>();

    @Override
    public boolean isDurable(long transactionGroup) {
      return false;
    }

    @Override
    public void whenDurable(long transactionGroup, Executor executor, Consumer<Throwable> done) {
      waiting.add(done);
    }

    void end(Throwable failureOrNull) throws InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (waiting.isEmpty() && System.nanoTime() < deadline) {
        Thread.sleep(2);
      }
      assertThat(waiting).hasSize(1);
      waiting.remove(0).accept(failureOrNull);
    }
  }

  /** RENEW, which waits for a future; it counts how often it is performed. */
  private record Waits(CompletableFuture<Void> until) implements Operation4 {
    @Override
    public int number() {
      return Op4.RENEW;
    }

    @Override
    public int lastMinorVersion() {
      return 0;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      in.readLong();
      compound.await(until);
      return Nfs4Status.OK;
    }
  }

  private static Call4 inVolume() {
    return Call4.of(0).root().lookup(Door4.VOLUME);
  }

  private CompletableFuture<Call4.Reply> later(Call4 call) {
    return CompletableFuture.supplyAsync(() -> call.send(door.rpc));
  }

  @Test
  void answerToSeveralChangesWaitsOnceAtTheEnd() throws Exception {
    CompletableFuture<Call4.Reply> answer =
        later(inVolume().makeDirectory("a").op(Op4.LOOKUPP).makeDirectory("b").getattr(Attr4.TYPE));
    groups.end(null);
    Call4.Reply reply = answer.get(30, TimeUnit.SECONDS);
    assertThat(reply.status).isEqualTo(Nfs4Status.OK);
    assertThat(reply.count).isEqualTo(6);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.CREATE);
    assertThat(groups.waiting).isEmpty();
  }

  @Test
  void changeThatDidNotBecomeDurableIsAnErrorOfTheFirstOperationThatMadeOne() throws Exception {
    CompletableFuture<Call4.Reply> answer =
        later(inVolume().makeDirectory("a").op(Op4.LOOKUPP).makeDirectory("b"));
    groups.end(new ArrayException(ArrayError.NO_SPACE, "the disk is full"));
    Call4.Reply reply = answer.get(30, TimeUnit.SECONDS);
    assertThat(reply.status).isEqualTo(Nfs4Status.NOSPC);
    assertThat(reply.count).isEqualTo(3);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP).expect(Op4.CREATE, Nfs4Status.NOSPC);
    assertThat(reply.in.isReadable()).isFalse();
  }

  @Test
  void unstableWriteDoesNotWaitAndSaysSo() {
    door.file("a");
    Call4.Reply reply =
        inVolume()
            .lookup("a")
            .write(Stateid4.ANONYMOUS, 0, Nfs4.UNSTABLE, new byte[10])
            .send(door.rpc);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.LOOKUP, Op4.WRITE);
    assertThat(reply.in.readInt()).isEqualTo(10);
    assertThat(reply.in.readInt()).isEqualTo(Nfs4.UNSTABLE);
    assertThat(groups.waiting).isEmpty();
  }

  @Test
  void operationThatWaitsIsPerformedAgainAndTheCompoundGoesOn() throws Exception {
    Call4 call = inVolume();
    call.raw(Op4.RENEW).writeLong(1);
    CompletableFuture<Call4.Reply> answer = later(call.getattr(Attr4.TYPE));
    Thread.sleep(20);
    assertThat(answer).isNotDone();
    awaited.complete(null);
    Call4.Reply reply = runUntilDone(answer);
    assertThat(reply.status).isEqualTo(Nfs4Status.OK);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP, Op4.RENEW, Op4.GETATTR);
    assertThat(reply.attributes(Attr4.TYPE).readInt()).isEqualTo(Nfs4.TYPE_DIRECTORY);
  }

  @Test
  void fileThatIsDelegatedIsRecalledFirst() throws Exception {
    Inode file = door.file("a");
    Delegation[] held = new Delegation[1];
    delegate(file, held);
    CompletableFuture<Call4.Reply> answer = later(inVolume().named(Op4.REMOVE, "a"));
    awaitRecall();
    assertThat(answer).isNotDone();
    door.holdings.delegations().giveBack(held[0]);
    runLaterUntil(() -> !groups.waiting.isEmpty());
    groups.end(null);
    assertThat(answer.get(30, TimeUnit.SECONDS).status).isEqualTo(Nfs4Status.OK);
  }

  @Test
  void clientIsToldToTryAgainIfTheRecallTakesTooLong() throws Exception {
    Inode file = door.file("a");
    Delegation[] held = new Delegation[1];
    delegate(file, held);
    CompletableFuture<Call4.Reply> answer = later(inVolume().named(Op4.REMOVE, "a"));
    awaitRecall();
    Call4.Reply reply = runUntilDone(answer);
    assertThat(reply.status).isEqualTo(Nfs4Status.DELAY);
    reply.done(Op4.PUTROOTFH, Op4.LOOKUP).expect(Op4.REMOVE, Nfs4Status.DELAY);
    assertThat(door.volume.names().lookup(Caller.ROOT, door.volume.root(), Name.of("a")))
        .isEqualTo(file);
  }

  // ---------------------------------------------------------------- help

  private volatile boolean isRecalled;

  private void delegate(Inode file, Delegation[] held) {
    DelegationHolder holder =
        new DelegationHolder() {
          @Override
          public void recall(Delegation delegation) {
            isRecalled = true;
          }

          @Override
          public void revoked(Delegation delegation) {}
        };
    LockClient somebody = new LockClient() {};
    held[0] =
        door.holdings
            .delegations()
            .grant(file, DelegationKind.WRITE, new LockOwner(somebody, "somebody"), holder)
            .join();
    assertThat(held[0]).isNotNull();
  }

  private void awaitRecall() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!isRecalled && System.nanoTime() < deadline) {
      Thread.sleep(2);
    }
    assertThat(isRecalled).isTrue();
  }

  private void runLaterUntil(java.util.function.BooleanSupplier done) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!done.getAsBoolean() && System.nanoTime() < deadline) {
      door.runLater(Duration.ofSeconds(5));
      Thread.sleep(2);
    }
  }

  private Call4.Reply runUntilDone(CompletableFuture<Call4.Reply> answer) throws Exception {
    runLaterUntil(answer::isDone);
    return answer.get(1, TimeUnit.SECONDS);
  }
}
