/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import org.facsim.array.Caller;
import org.facsim.nfs.Claims;
import org.facsim.protocol.nfs3.Access3;
import org.facsim.protocol.nfs3.Commit3;
import org.facsim.protocol.nfs3.GetAttr3;
import org.facsim.protocol.nfs3.Lookup3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.nfs3.SetAttr3;
import org.facsim.protocol.nfs3.Write3;
import org.facsim.protocol.rpc.CallFate;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.Overruling;
import org.facsim.protocol.rpc.ReplyBytes;
import org.facsim.protocol.rpc.ReplyFate;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcRefusal;
import org.facsim.protocol.rpc.TappedCall;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.Bandwidth;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.CallTurn;
import org.facsim.services.calls.Departure;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.Gate;
import org.facsim.services.calls.LinkDecision;
import org.facsim.services.calls.OperationVerdict;

/**
 * A call over ONC RPC as the call chain and as its transport see it: one object for both, so that a
 * call that is watched costs one object.
 */
@SuppressWarnings("ReferenceEquality") // a store into an old object costs more than a look
final class RpcRecord extends CallRecord implements TappedCall {
  private Credential credential;
  private final RpcCall call;

  /** Null if calls of a connection share nothing. */
  private final CallTurn turn;

  /** Where the record arrived; null when it is no longer there. */
  private ByteBuf in;

  private int index;
  private int argumentsIndex;

  // Of the procedure.
  private boolean isCheap;
  private boolean isBrief;
  private boolean hasStatusOnly;

  private boolean isPutOff;
  private Supplier<byte[]> reply;

  RpcRecord(
      RpcCall call, CallTurn turn, Door door, String name, ByteBuf in, int index, int recordBytes) {
    super(
        door,
        call.client(),
        call.xid(),
        call.program(),
        call.version(),
        call.procedure(),
        name,
        recordBytes);
    this.call = call;
    this.turn = turn;
    learnProcedure();
    arrived(in, index);
  }

  private void arrived(ByteBuf newIn, int newIndex) {
    Credential newCredential = call.credential();
    if (credential != newCredential) {
      credential = newCredential;
    }
    if (in != newIn) {
      in = newIn;
    }
    index = newIndex;
    argumentsIndex = newIn.readerIndex();
  }

  private void learnProcedure() {
    isCheap = isCheap();
    isBrief = isNfs3() && (procedure() == GetAttr3.PROCEDURE || procedure() == Access3.PROCEDURE);
    hasStatusOnly = answersStatusOnly();
  }

  /**
   * Whether this may become the record of the next call. A call that was put off is still known
   * elsewhere, and so is one of another program, which may be answered before it is performed.
   */
  boolean isFree(RpcCall next) {
    return next == call && !isPutOff && door() == Door.NFS && isReusable();
  }

  /** Becomes the record of the next call of its connection. */
  void again(Door door, String name, ByteBuf newIn, int newIndex, int recordBytes) {
    boolean isOther = name != procedureName();
    again(door, call.xid(), call.program(), call.version(), call.procedure(), name, recordBytes);
    if (isOther) {
      learnProcedure();
    }
    arrived(newIn, newIndex);
  }

  @Override
  protected boolean mayBeQuiet() {
    return door() == Door.NFS && turn != null;
  }

  /** Procedures whose answers are a status and attributes name one object and no entry. */
  @Override
  public boolean wantsNames() {
    return !hasStatusOnly || !isQuiet();
  }

  @Override
  protected boolean mayStayQuiet() {
    return hasStatusOnly;
  }

  @Override
  public CallTurn turn() {
    return turn;
  }

  @Override
  public int callsAtHand() {
    return call.callsAtHand();
  }

  @Override
  public void putOff() {
    isPutOff = true;
    speakUp();
    in = null;
  }

  /**
   * Roughly, for calls that take less than reading the clock twice is worth: of NFS those that only
   * look at attributes or names.
   */
  @Override
  protected long nanoTime(boolean isAnswered) {
    return isCheap ? call.roughNanos(isAnswered) : super.nanoTime(isAnswered);
  }

  private boolean isNfs3() {
    return program() == Nfs3.PROGRAM && version() == Nfs3.VERSION;
  }

  private boolean answersStatusOnly() {
    return isNfs3()
        && switch (procedure()) {
          case GetAttr3.PROCEDURE,
              SetAttr3.PROCEDURE,
              Access3.PROCEDURE,
              Read3.PROCEDURE,
              Write3.PROCEDURE,
              Commit3.PROCEDURE ->
              true;
          default -> false;
        };
  }

  private boolean isCheap() {
    return isNfs3()
        && switch (procedure()) {
          case Nfs3.NULL, GetAttr3.PROCEDURE, Lookup3.PROCEDURE, Access3.PROCEDURE -> true;
          default -> false;
        };
  }

  @Override
  public long connection() {
    return Math.max(0, call.origin().id());
  }

  @Override
  public boolean isDatagram() {
    return call.origin().id() < 0;
  }

  @Override
  public InetSocketAddress server() {
    return call.server();
  }

  /** Without data that was received into a room, because the call may have given it away by now. */
  @Override
  public int copyRequest(ByteBuffer to, int at, int most) {
    int count = (int) Math.min(requestBytes(), Math.min(most, call.lastingBytes()));
    if (in.nioBufferCount() == 1) {
      ByteBuffer bytes = in.internalNioBuffer(index, count);
      to.put(at, bytes, bytes.position(), count);
    } else {
      in.getBytes(index, to.duplicate().position(at).limit(at + count));
    }
    return count;
  }

  /**
   * The codec of a connection keeps the object as long as its bytes are repeated. Datagrams of all
   * clients have one codec, so the object does not tell who sent them.
   */
  @Override
  public Object briefCredential() {
    return isBrief
            && turn != null
            && version() == Nfs3.VERSION
            && credential instanceof Credential.Sys
        ? credential
        : null;
  }

  @Override
  public int argumentBytes() {
    return index + (int) requestBytes() - argumentsIndex;
  }

  @Override
  public int argumentWord(int offsetBytes) {
    return in.getInt(argumentsIndex + offsetBytes);
  }

  /** Nothing of results that have a status and no name or handle: their first bytes are known. */
  @Override
  public int copyReply(ByteBuffer to, int at, int most) {
    if (hasStatusOnly && statusOfAnswer() != Departure.REFUSED) {
      return 0;
    }
    return reply instanceof ReplyBytes bytes
        ? bytes.copyHead(to, at, most)
        : super.copyReply(to, at, most);
  }

  @Override
  protected ByteBuffer requestNow() {
    return in.nioBuffer(index, (int) requestBytes());
  }

  @Override
  protected ByteBuffer replyNow() {
    return ByteBuffer.wrap(reply.get());
  }

  @Override
  public Optional<Caller> claimed() {
    return credential instanceof Credential.Sys sys
        ? Optional.of(new Caller(sys.uid(), sys.gid(), sys.groups()))
        : Optional.empty();
  }

  @Override
  public String principal() {
    return Claims.principal(credential);
  }

  // ---------------------------------------------------------------- for the transport

  @Override
  public Object attachment() {
    return this;
  }

  @Override
  public CallFate fate() {
    if (arrivalVerdict() == ArrivalVerdict.SERVE) {
      return CallFate.SERVE;
    }
    return switch (arrivalVerdict().kind()) {
      case SERVE -> CallFate.SERVE;
      case NO_ANSWER -> CallFate.NO_ANSWER;
      case CLOSE -> CallFate.CLOSE;
      case RESET -> CallFate.RESET;
      case DELAY -> CallFate.DELAY;
      case HOLD -> CallFate.HOLD;
      case STOP_READING -> CallFate.STOP_READING;
      case LIMIT -> CallFate.LIMIT;
    };
  }

  @Override
  public long waitNanos() {
    return arrivalVerdict().nanos();
  }

  @Override
  public Runnable whenOpen(Runnable task) {
    Gate gate = arrivalVerdict().gate();
    return gate.whenOpen(task)::close;
  }

  @Override
  public LongUnaryOperator limit(LongUnaryOperator latest) {
    return arrivalVerdict().bandwidth(latest instanceof Bandwidth known ? known : null);
  }

  @Override
  public Overruling overruling(Throwable failure) {
    if (!(LinkDecision.in(failure).orElse(null) instanceof CallOverruled overruled)) {
      return null;
    }
    OperationVerdict verdict = overruled.verdict();
    return switch (verdict.kind()) {
      case NO_ANSWER -> Overruling.lost(CallFate.NO_ANSWER);
      case CLOSE -> Overruling.lost(CallFate.CLOSE);
      case RESET -> Overruling.lost(CallFate.RESET);
      case STATUS -> Overruling.refused(RpcRefusal.of(verdict.status().code()));
      case PERFORM, REFUSE, ALTER -> throw new IllegalStateException(verdict.toString());
    };
  }

  @Override
  public ReplyFate answered(long status, int replyBytes, Supplier<byte[]> bytes) {
    long word = status == TappedCall.REFUSED ? Departure.REFUSED : status;
    if (hasStatusOnly
        && isQuiet()
        && word != Departure.REFUSED) { // nobody asks for the bytes, and nobody decides
      var unused = answered(word, replyBytes);
      if (isQuiet()) {
        return ReplyFate.SEND;
      }
    }
    reply = bytes;
    ReplyFate fate =
        switch (answered(word, replyBytes).kind()) {
          case SEND -> ReplyFate.SEND;
          case NO_ANSWER -> ReplyFate.NO_ANSWER;
          case CLOSE -> ReplyFate.CLOSE;
          case RESET -> ReplyFate.RESET;
          case DELAY -> ReplyFate.DELAY;
          case TWICE -> ReplyFate.TWICE;
          case BEHIND -> ReplyFate.BEHIND;
        };
    reply = null;
    return fate;
  }

  @Override
  public long replyNanos() {
    return replyVerdict().nanos();
  }

  @Override
  public int answersBefore() {
    return replyVerdict().answers();
  }
}
