/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;

/**
 * One call that came in a datagram. As with calls of a connection, a later answer replaces an
 * earlier one until the program returns.
 *
 * <p>The answer is one buffer that cannot grow beyond a datagram. Writing past that bound throws
 * the buffer's IndexOutOfBoundsException, which is answered with SYSTEM_ERR.
 */
final class DatagramCall implements RpcCall {
  private static final int USUAL_BYTES = 512;

  private final ChannelHandlerContext context;
  private final Channel answering;
  private final ServerContext server;
  private final InetSocketAddress client;
  private final int xid;
  private final int program;
  private final int version;
  private final int procedure;
  private final int datagramBytes;
  private Credential credential;
  private ByteBuf arguments;

  /**
   * The answer; null while there is none, if the call is dropped, and after the answer was put off.
   */
  private ByteBuf answer;

  private ProcedureCounters counters;
  private long beginNanos;
  private boolean holdsResults;
  private boolean dropped;
  private Deferred deferred;

  /** Null if nothing hears of the call. */
  private DatagramTap tap;

  private final KeptBack kept;

  private boolean hasStatus;

  DatagramCall(
      ChannelHandlerContext context,
      Channel answering,
      ServerContext server,
      KeptBack kept,
      InetSocketAddress client,
      int xid,
      int program,
      int version,
      int procedure,
      int datagramBytes) {
    this.context = context;
    this.answering = answering;
    this.server = server;
    this.kept = kept;
    this.client = client;
    this.xid = xid;
    this.program = program;
    this.version = version;
    this.procedure = procedure;
    this.datagramBytes = datagramBytes;
  }

  ByteBuf newAnswer() {
    return context.alloc().directBuffer(USUAL_BYTES, RpcDatagramServer.MAX_DATAGRAM_BYTES);
  }

  /** Sends a buffer and takes it over. */
  void send(ByteBuf out) {
    var unused = answering.writeAndFlush(new DatagramPacket(out, client));
  }

  /** Something wants to hear what becomes of the call. */
  void tap(TappedCall tapped) {
    tap = new DatagramTap(this, tapped, kept);
  }

  /** Who makes the call; null if the credential cannot be read. */
  void identify(Credential newCredential) {
    credential = newCredential;
  }

  int datagramBytes() {
    return datagramBytes;
  }

  /** Call and answer of a call that is heard of pass a limit. */
  void limit(LongUnaryOperator limit) {
    tap.limit(limit);
  }

  /** Refuses a call that has no program to go to; takes over the buffer. */
  void refuse(ByteBuf out) {
    sendUnlessLost(out, ServerCall.REFUSED);
    endTapped();
  }

  /** The call is not served, or done with. */
  void endTapped() {
    if (tap != null) {
      tap.callEnds();
    }
  }

  /**
   * Sends an answer, unless whoever hears of the call has it lost; takes over the buffer.
   *
   * @return what became of the call: its outcome, or {@link ServerCall#LOST}
   */
  private long sendUnlessLost(ByteBuf out, long outcome) {
    if (tap == null) {
      send(out);
      return outcome;
    }
    long status = outcome == ServerCall.REFUSED ? TappedCall.REFUSED : hasStatus ? outcome : 0;
    return tap.answers(out, status) ? outcome : ServerCall.LOST;
  }

  void run(RpcProgram target, ByteBuf newArguments, ProcedureCounters newCounters) {
    arguments = newArguments;
    counters = newCounters;
    hasStatus = tap != null && target.answersWithStatus(procedure);
    beginNanos = newCounters.begin(datagramBytes);
    try {
      target.call(this);
      if (answer == null && !dropped && deferred == null) {
        throw new IllegalStateException("the program gave no answer");
      }
    } catch (RuntimeException | Error e) {
      failed(e);
    } finally {
      arguments = null;
    }
    if (answer != null) {
      ByteBuf out = answer;
      answer = null;
      countAndSend(out, holdsResults ? firstWord(out) : ServerCall.REFUSED);
    } else if (dropped) {
      counters.end(beginNanos, 0, ServerCall.LOST);
      endTapped();
    } else {
      beginNanos = counters.putOff(beginNanos);
    }
  }

  /** The first word of the results, which is the status if they have one. */
  private static long firstWord(ByteBuf out) {
    int index = out.readerIndex() + ReplyHeader.ACCEPTED_BYTES;
    return out.writerIndex() - index >= Integer.BYTES ? out.getUnsignedInt(index) : 0;
  }

  private void countAndSend(ByteBuf out, long outcome) {
    int bytes = out.readableBytes();
    long became = sendUnlessLost(out, outcome);
    counters.end(beginNanos, became == ServerCall.LOST ? 0 : bytes, became);
    endTapped();
  }

  private void failed(Throwable cause) {
    if (deferred != null) {
      deferred.failIfUnanswered(cause);
      return;
    }
    Overruling overruling = overrulingOf(cause);
    if (overruling != null && overruling.refusal() == null) {
      takeBack();
      dropped = true;
    } else if (overruling != null) {
      overruling.refusal().write(beginRefusal(), xid);
    } else {
      ReplyHeader.accepted(beginRefusal(), xid, server.failureStatus(this, cause));
    }
  }

  private Overruling overrulingOf(Throwable cause) {
    return tap == null ? null : tap.tapped().overruling(cause);
  }

  private void takeBack() {
    if (deferred != null) {
      throw new IllegalStateException("the answer was put off");
    }
    if (answer != null) {
      answer.release();
      answer = null;
    }
    holdsResults = false;
    dropped = false;
  }

  private ByteBuf beginRefusal() {
    takeBack();
    answer = newAnswer();
    return answer;
  }

  @Override
  public ByteBuf reply() {
    if (!holdsResults) {
      ReplyHeader.accepted(beginRefusal(), xid, RpcMessage.SUCCESS);
      holdsResults = true;
    }
    return answer;
  }

  /** Copies the data: a datagram is small. */
  @Override
  public ByteBuf appendData(ByteBuf data) {
    try {
      if (!holdsResults) {
        throw new IllegalStateException("no results were begun");
      }
      return answer.writeBytes(data, data.readerIndex(), data.readableBytes());
    } finally {
      data.release();
    }
  }

  @Override
  public void procedureUnavailable() {
    ReplyHeader.accepted(beginRefusal(), xid, RpcMessage.PROC_UNAVAIL);
  }

  @Override
  public void denied(AuthStatus why) {
    ReplyHeader.authError(beginRefusal(), xid, why);
  }

  @Override
  public void systemError() {
    ReplyHeader.accepted(beginRefusal(), xid, RpcMessage.SYSTEM_ERR);
  }

  @Override
  public Object attachment() {
    return tap == null ? null : tap.tapped().attachment();
  }

  @Override
  public void answersFromMemory() {
    if (tap != null) {
      tap.tapped().answersFromMemory();
    }
  }

  @Override
  public void drop() {
    takeBack();
    dropped = true;
  }

  @Override
  public DeferredReply defer() {
    takeBack();
    if (tap != null) {
      tap.tapped().putOff();
    }
    server.inFlight().take(1, datagramBytes);
    deferred = new Deferred();
    return deferred;
  }

  /**
   * An answer that was put off: given once, by any thread; encoded and sent on the socket's loop.
   */
  private final class Deferred implements DeferredReply {
    private final AtomicBoolean answered = new AtomicBoolean();

    @Override
    public void complete(ReplyEncoder results) {
      Objects.requireNonNull(results, "results");
      answerOnce();
      onLoop(
          () -> encode(results),
          () -> {
            results.discard();
            endTapped();
          });
    }

    @Override
    public void fail(Throwable cause) {
      Objects.requireNonNull(cause, "cause");
      answerOnce();
      onLoop(() -> encodeFailure(cause), DatagramCall.this::endTapped);
    }

    void failIfUnanswered(Throwable cause) {
      if (answered.compareAndSet(false, true)) {
        server.inFlight().giveBack(1, datagramBytes);
        onLoop(() -> encodeFailure(cause), DatagramCall.this::endTapped);
      }
    }

    private void answerOnce() {
      if (!answered.compareAndSet(false, true)) {
        throw new IllegalStateException("call " + xid + " was answered before");
      }
      server.inFlight().giveBack(1, datagramBytes);
    }

    private void onLoop(Runnable send, Runnable discard) {
      try {
        Runnable task = () -> (context.channel().isActive() ? send : discard).run();
        context.executor().execute(FatalErrors.reporting(task));
      } catch (RejectedExecutionException e) {
        discard.run();
      }
    }

    private void encode(ReplyEncoder results) {
      ByteBuf out;
      try {
        out = newAnswer();
      } catch (RuntimeException | Error e) {
        results.discard(); // results that are never encoded give back what they hold
        throw e;
      }
      try {
        ReplyHeader.accepted(out, xid, RpcMessage.SUCCESS);
        results.encode(out);
      } catch (RuntimeException | Error e) {
        out.release();
        encodeFailure(e);
        return;
      }
      countAndSend(out, firstWord(out));
    }

    private void encodeFailure(Throwable cause) {
      Overruling overruling = overrulingOf(cause);
      if (overruling != null && overruling.refusal() == null) {
        counters.end(beginNanos, 0, ServerCall.LOST);
        endTapped();
        return;
      }
      ByteBuf out = newAnswer();
      if (overruling != null) {
        overruling.refusal().write(out, xid);
      } else {
        ReplyHeader.accepted(out, xid, server.failureStatus(DatagramCall.this, cause));
      }
      countAndSend(out, ServerCall.REFUSED);
    }
  }

  @Override
  public int xid() {
    return xid;
  }

  @Override
  public int program() {
    return program;
  }

  @Override
  public int version() {
    return version;
  }

  @Override
  public int procedure() {
    return procedure;
  }

  @Override
  public Credential credential() {
    return credential;
  }

  @Override
  public InetSocketAddress client() {
    return client;
  }

  /** The sender's port: a client retransmits from the same socket. */
  @Override
  public CallOrigin origin() {
    return new DatagramOrigin(client.getPort());
  }

  @Override
  public InetSocketAddress server() {
    return (InetSocketAddress) answering.localAddress();
  }

  @Override
  public ByteBuf arguments() {
    return arguments;
  }
}
