/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.protocol.xdr.Xdr;
import org.junit.jupiter.api.Test;

/** Which slot and number a request has, and what becomes of them. */
class ClientSession4Test {
  private static final SessionId4 ID = new SessionId4(7, 9);
  private final List<Sent> sent = new ArrayList<>();
  private final ArrayDeque<Runnable> paused = new ArrayDeque<>();

  /** One COMPOUND that was sent, to be answered by the test. */
  private record Sent(int slot, int sequence, int highest, Reply reply) {}

  private interface Reply {
    void with(ByteBuf results, RuntimeException failure);
  }

  private final class Wire implements RpcCaller {
    @Override
    public <T> CompletableFuture<T> call(
        int program,
        int version,
        int procedure,
        Consumer<ByteBuf> arguments,
        Function<ByteBuf, T> results) {
      ByteBuf out = Unpooled.buffer();
      arguments.accept(out);
      Xdr.readOpaque(out, 16);
      out.skipBytes(8);
      assertThat(out.readInt()).isEqualTo(Op4.SEQUENCE);
      assertThat(SessionId4.read(out)).isEqualTo(ID);
      int sequence = out.readInt();
      CompletableFuture<T> answer = new CompletableFuture<>();
      sent.add(
          new Sent(
              out.readInt(),
              sequence,
              out.readInt(),
              (in, failure) -> {
                if (failure != null) {
                  answer.completeExceptionally(failure);
                } else {
                  answer.complete(results.apply(in));
                }
              }));
      return answer;
    }

    @Override
    public <T> CompletableFuture<T> call(
        int program,
        int version,
        int procedure,
        Consumer<ByteBuf> arguments,
        ByteBuf payload,
        Function<ByteBuf, T> results) {
      payload.release();
      return call(program, version, procedure, arguments, results);
    }
  }

  private final ClientSession4 session =
      new ClientSession4(new Nfs4Client(new Wire(), 1), ID, 3, paused::add);

  private CompletableFuture<String> remove() {
    return session.call(Compound4.empty().remove("f"), true, ClientSession4Test::removed);
  }

  private static String removed(Results4 results) {
    results.ok(Op4.REMOVE).skipChangeInfo();
    return "removed";
  }

  private static ByteBuf head(Nfs4Status status, int operations) {
    return Unpooled.buffer().writeInt(status.code()).writeInt(0).writeInt(operations);
  }

  private static void answerSequence(Sent call, ByteBuf out) {
    out.writeInt(Op4.SEQUENCE).writeInt(0).writeLong(7).writeLong(9).writeInt(call.sequence);
    out.writeInt(call.slot).writeInt(2).writeInt(2).writeInt(0x10);
  }

  private void succeed(Sent call) {
    ByteBuf out = head(Nfs4Status.OK, 2);
    answerSequence(call, out);
    out.writeInt(Op4.REMOVE).writeInt(0).writeZero(20);
    call.reply.with(out, null);
  }

  private static void refuse(Sent call, Nfs4Status status) {
    ByteBuf out = head(status, 1).writeInt(Op4.SEQUENCE).writeInt(status.code());
    call.reply.with(out, null);
  }

  private static Nfs4Status failure(CompletableFuture<?> answer) {
    try {
      answer.join();
      return Nfs4Status.OK;
    } catch (CompletionException e) {
      return ((CompoundException) e.getCause()).status();
    }
  }

  @Test
  void eachRequestHasASlotAndTheNextNumberOfIt() {
    CompletableFuture<String> first = remove();
    CompletableFuture<String> second = remove();
    CompletableFuture<String> third = remove();
    assertThat(sent).hasSize(2); // slot 0 is for renewals, so the third one waits
    assertThat(sent.get(0).slot).isEqualTo(1);
    assertThat(sent.get(1).slot).isEqualTo(2);
    assertThat(sent.get(1).highest).isEqualTo(2);
    succeed(sent.get(1));
    assertThat(second).isCompletedWithValue("removed");
    assertThat(sent.get(2).slot).isEqualTo(2);
    assertThat(sent.get(2).sequence).isEqualTo(2);
    succeed(sent.get(0));
    succeed(sent.get(2));
    assertThat(first).isCompleted();
    assertThat(third).isCompleted();
    assertThat(session.statusFlags()).isEqualTo(ClientSession4.EXPIRED_SOME_STATE_REVOKED);
  }

  @Test
  void anOperationThatFailsUsesItsNumberUp() {
    CompletableFuture<String> removed = remove();
    ByteBuf out = head(Nfs4Status.NOENT, 2);
    answerSequence(sent.get(0), out);
    sent.get(0).reply.with(out.writeInt(Op4.REMOVE).writeInt(Nfs4Status.NOENT.code()), null);
    assertThat(failure(removed)).isEqualTo(Nfs4Status.NOENT);
    var unused = remove();
    var unused2 = remove();
    assertThat(sent).extracting(Sent::sequence).containsExactly(1, 1, 2);
  }

  @Test
  void aRequestThatIsStillExecutedIsSentAgainWithTheSameNumber() {
    CompletableFuture<String> removed = remove();
    refuse(sent.get(0), Nfs4Status.DELAY);
    assertThat(removed).isNotDone();
    paused.remove().run();
    assertThat(sent.get(1).slot).isEqualTo(sent.get(0).slot);
    assertThat(sent.get(1).sequence).isEqualTo(sent.get(0).sequence);
    succeed(sent.get(1));
    assertThat(removed).isCompleted();
  }

  @Test
  void aSequenceThatFailsLeavesTheSlotAsItWas() {
    assertThat(failureOf(Nfs4Status.BADSESSION)).isEqualTo(Nfs4Status.BADSESSION);
    var unused = remove();
    var unused2 = remove();
    assertThat(sent).extracting(Sent::sequence).containsOnly(1);
  }

  private Nfs4Status failureOf(Nfs4Status status) {
    CompletableFuture<String> removed = remove();
    refuse(sent.get(0), status);
    return failure(removed);
  }

  @Test
  void aSlotWithoutAnAnswerIsNotUsedAgain() {
    CompletableFuture<String> lost = remove();
    CompletableFuture<String> other = remove();
    CompletableFuture<String> waits = remove();
    sent.get(0).reply.with(null, new RpcException(RpcFailure.CONNECTION_LOST, "lost"));
    assertThatThrownBy(lost::join).hasCauseInstanceOf(RpcException.class);
    assertThat(sent).hasSize(2);
    succeed(sent.get(1));
    assertThat(other).isCompleted();
    assertThat(sent.get(2).slot).isEqualTo(2);
    sent.get(2).reply.with(null, new RpcException(RpcFailure.CONNECTION_LOST, "lost"));
    assertThatThrownBy(waits::join).hasCauseInstanceOf(RpcException.class);
    assertThat(failure(remove())).isEqualTo(Nfs4Status.BADSESSION); // no slot is left
  }

  @Test
  void aRenewalThatWasNotAnsweredIsTheSameRequestAgain() {
    Nfs4Client over = new Nfs4Client(new Wire(), 1);
    CompletableFuture<Integer> first = session.renew(over, Compound4.empty(), Results4::count);
    CompletableFuture<Integer> again = session.renew(over, Compound4.empty(), Results4::count);
    assertThat(sent).extracting(Sent::slot).containsExactly(0, 0);
    assertThat(sent).extracting(Sent::sequence).containsExactly(1, 1);
    for (Sent each : List.copyOf(sent)) {
      ByteBuf out = head(Nfs4Status.OK, 1);
      answerSequence(each, out);
      each.reply.with(out, null);
    }
    assertThat(first).isCompletedWithValue(1);
    assertThat(again).isCompletedWithValue(1);
    var unused = session.renew(over, Compound4.empty(), Results4::count);
    assertThat(sent.get(2).sequence).isEqualTo(2);
  }

  @Test
  void dataIsReleasedOnceTheRequestHasEnded() {
    ByteBuf data = Unpooled.buffer(8).writeLong(1);
    Compound4 write = Compound4.empty().writePayload(Stateid4.ANONYMOUS, 0, 0);
    CompletableFuture<Void> written = session.call(write, data, results -> null);
    refuse(sent.get(0), Nfs4Status.DELAY);
    assertThat(data.refCnt()).isEqualTo(1);
    paused.remove().run();
    refuse(sent.get(1), Nfs4Status.BADSESSION);
    assertThat(written).isCompletedExceptionally();
    assertThat(data.refCnt()).isZero();
  }

  @Test
  void attributesAreReadAsTheyWereWritten() {
    Attributes4 written =
        Attributes4.none()
            .withLong(Attr4.SIZE, 1L << 40)
            .withInt(Attr4.MODE, 0600)
            .withText(Attr4.OWNER, "root");
    ByteBuf out = Unpooled.buffer();
    written.write(out);
    Attributes4 read = Attributes4.read(out);
    assertThat(read.number(Attr4.SIZE)).isEqualTo(1L << 40);
    assertThat(read.number(Attr4.MODE)).isEqualTo(0600);
    assertThat(read.text(Attr4.OWNER)).isEqualTo("root");
    assertThat(out.isReadable()).isFalse();
  }
}
