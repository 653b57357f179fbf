/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletionException;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.services.state.LockClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds for every COMPOUND, whatever its operations are. */
class CompoundRulesTest {
  private static final LockClient CLIENT = new LockClient() {};

  private final FakeSlot slot = new FakeSlot();
  private final Door4 door = new Door4(null, new FakeSequence(slot));

  @AfterEach
  void close() {
    door.close();
  }

  /** SEQUENCE without arguments and results, which gives the COMPOUND one slot. */
  private record FakeSequence(FakeSlot slot) implements Operation4 {
    @Override
    public int number() {
      return Op4.SEQUENCE;
    }

    @Override
    public int firstMinorVersion() {
      return 1;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      if (slot.remembered != null) {
        compound.answerFromMemory(slot.remembered);
      } else {
        compound.begin(slot);
      }
      return Nfs4Status.OK;
    }
  }

  private static final class FakeSlot implements SlotInUse {
    int maxReplyBytes = 4096;
    int maxCachedReplyBytes = 4096;
    boolean isCached;
    byte[] answered;
    byte[] remembered;

    @Override
    public LockClient client() {
      return CLIENT;
    }

    @Override
    public int maxReplyBytes() {
      return maxReplyBytes;
    }

    @Override
    public int maxCachedReplyBytes() {
      return maxCachedReplyBytes;
    }

    @Override
    public boolean isCached() {
      return isCached;
    }

    @Override
    public void answered(Compound compound, ByteBuf reply, int index, int lengthBytes) {
      answered = new byte[lengthBytes];
      reply.getBytes(index, answered);
    }

    @Override
    public void abandoned(Compound compound) {
      answered = null;
    }
  }

  @Test
  void compoundOfNothingSucceedsAndSaysItsTagAgain() {
    Call4.Reply reply = Call4.of(0).tag("an unusual tag".getBytes(UTF_8)).send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.OK);
    assertThat(new String(reply.tag, UTF_8)).isEqualTo("an unusual tag");
    assertThat(reply.count).isZero();
  }

  @Test
  void tagThatIsNotUtf8IsInvalidAndComesBack() {
    byte[] tag = {(byte) 0xc0, (byte) 0xc1};
    Call4.Reply reply = Call4.of(0).tag(tag).root().send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.INVAL);
    assertThat(reply.tag).isEqualTo(tag);
    assertThat(reply.count).isZero();
  }

  @Test
  void unknownMinorVersionIsAMismatchWithoutResults() {
    Call4.Reply reply = Call4.of(3).root().send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.MINOR_VERS_MISMATCH);
    assertThat(reply.count).isZero();
  }

  @Test
  void numbersOfNoOperationAreIllegalInTheirMinorVersion() {
    for (int number : new int[] {Op4.ILLEGAL, 0, 1, 2, 200, Op4.SEQUENCE, Op4.CLONE}) {
      Call4.Reply reply = Call4.of(0).op(number).send(door.rpc);
      assertThat(reply.status).isEqualTo(Nfs4Status.OP_ILLEGAL);
      reply.expect(Op4.ILLEGAL, Nfs4Status.OP_ILLEGAL);
    }
    assertThat(Call4.of(1).op(Op4.SEQUENCE).op(Op4.CLONE).send(door.rpc).status)
        .isEqualTo(Nfs4Status.OP_ILLEGAL);
  }

  @Test
  void operationThatIsNotServedIsNotSupported() {
    Call4.Reply reply = Call4.of(0).root().op(Op4.OPENATTR).root().send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.NOTSUPP);
    assertThat(reply.count).isEqualTo(2);
    reply.done(Op4.PUTROOTFH).expect(Op4.OPENATTR, Nfs4Status.NOTSUPP);
    assertThat(reply.in.isReadable()).isFalse();
  }

  @Test
  void tooManyOperationsAreRefusedBeforeAnyRuns() {
    Call4 call = Call4.of(0);
    for (int i = 0; i <= CompoundRun.MAX_OPERATIONS; i++) {
      call.root();
    }
    Call4.Reply reply = call.send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.RESOURCE);
    assertThat(reply.count).isZero();
  }

  @Test
  void argumentsThatEndTooEarlyAreBadXdrOfTheirOperation() {
    Call4 call = Call4.of(0).root();
    call.raw(Op4.LOOKUP).writeInt(0xcccccccc).writeInt(0);
    Call4.Reply reply = call.send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.BADXDR);
    reply.done(Op4.PUTROOTFH).expect(Op4.LOOKUP, Nfs4Status.BADXDR);
  }

  @Test
  void headerThatEndsTooEarlyIsGarbage() {
    assertThatThrownBy(
            () ->
                door.rpc
                    .call(Nfs4.PROGRAM, Nfs4.VERSION, Nfs4.COMPOUND, out -> {}, in -> in)
                    .join())
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(RpcException.class)
        .extracting(thrown -> ((RpcException) thrown.getCause()).failure())
        .isEqualTo(RpcFailure.GARBAGE_ARGUMENTS);
  }

  // ---------------------------------------------------------------- sessions

  @Test
  void operationOutsideOfASessionIsRefused() {
    Call4.Reply reply = Call4.of(1).root().send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.OP_NOT_IN_SESSION);
    reply.expect(Op4.PUTROOTFH, Nfs4Status.OP_NOT_IN_SESSION);
  }

  @Test
  void secondSequenceIsInTheWrongPlace() {
    Call4.Reply reply = Call4.of(1).op(Op4.SEQUENCE).op(Op4.SEQUENCE).send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.SEQUENCE_POS);
    reply.done(Op4.SEQUENCE).expect(Op4.SEQUENCE, Nfs4Status.SEQUENCE_POS);
  }

  @Test
  void replyThatIsTooBigForTheSessionIsTakenBack() {
    slot.maxReplyBytes = 100;
    Call4.Reply reply =
        Call4.of(1)
            .op(Op4.SEQUENCE)
            .root()
            .getattr(Attr4.SUPPORTED_ATTRS, Attr4.FILEHANDLE, Attr4.OWNER, Attr4.OWNER_GROUP)
            .send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.REP_TOO_BIG);
    reply.done(Op4.SEQUENCE, Op4.PUTROOTFH).expect(Op4.GETATTR, Nfs4Status.REP_TOO_BIG);
    assertThat(reply.in.isReadable()).isFalse();
  }

  @Test
  void changeWhoseAnswerCannotBeRememberedDoesNotHappen() {
    slot.maxCachedReplyBytes = 24 + 12 + 4 + 3 * 8 + 4;
    slot.isCached = true;
    Call4.Reply reply =
        Call4.of(1)
            .op(Op4.SEQUENCE)
            .root()
            .lookup(Door4.VOLUME)
            .makeDirectory("never")
            .send(door.rpc);
    assertThat(reply.status).isEqualTo(Nfs4Status.REP_TOO_BIG_TO_CACHE);
    reply
        .done(Op4.SEQUENCE, Op4.PUTROOTFH, Op4.LOOKUP)
        .expect(Op4.CREATE, Nfs4Status.REP_TOO_BIG_TO_CACHE);
    assertThat(Call4.of(0).root().lookup(Door4.VOLUME).lookup("never").send(door.rpc).status)
        .isEqualTo(Nfs4Status.NOENT);
  }

  @Test
  void slotIsToldTheWholeAnswerAndARetransmissionGetsIt() {
    slot.isCached = true;
    Call4 call = Call4.of(1).op(Op4.SEQUENCE).root().lookup(Door4.VOLUME).makeDirectory("once");
    Call4.Reply first = call.send(door.rpc);
    assertThat(first.status).isEqualTo(Nfs4Status.OK);
    slot.remembered = slot.answered;
    Call4.Reply again = call.send(door.rpc);
    assertThat(again.count).isEqualTo(first.count);
    assertThat(again.in).isEqualTo(first.in);
  }
}
