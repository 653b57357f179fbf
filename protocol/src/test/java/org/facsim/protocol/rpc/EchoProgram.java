/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * A program that answers in every way a program can. Arguments are kept opaque unless a procedure
 * says otherwise.
 */
final class EchoProgram implements RpcProgram {
  static final int NUMBER = 0x2000_4711;
  static final int LOWEST_VERSION = 2;
  static final int HIGHEST_VERSION = 4;

  /** Answers nothing. */
  static final int NULL = 0;

  /** Answers the arguments, copied. */
  static final int ECHO = 1;

  /** Takes opaque data, answers its length. */
  static final int SINK = 2;

  /** Takes a length, answers opaque data of it, written into the reply buffer. */
  static final int SOURCE = 3;

  /** Takes opaque data, answers the same data, gathered without a copy. */
  static final int GATHER = 4;

  /** Answers later: the arguments wait in {@link #deferred}. */
  static final int DEFER = 5;

  /** Writes half an answer, then finds the arguments malformed. */
  static final int MALFORMED = 6;

  /** Gathers half an answer, then fails. */
  static final int FAIL = 7;

  /** Refuses the credential, having begun an answer. */
  static final int DENY = 8;

  /** Never answers, having begun to: executed, but the reply is lost. */
  static final int DROP = 9;

  /** Answers the credential as text. */
  static final int WHO = 10;

  /** Returns without an answer. */
  static final int FORGET = 11;

  /** Puts the answer off, then fails. */
  static final int DEFER_AND_FAIL = 12;

  static final int MAX_DATA_BYTES = 1 << 20;

  /** One call put off, with its arguments retained. */
  record Deferred(RpcCall call, RpcCall.DeferredReply reply, ByteBuf arguments) {
    void echo() {
      reply.complete(out -> out.writeBytes(arguments, 0, arguments.readableBytes()));
    }
  }

  final Queue<Deferred> deferred = new ConcurrentLinkedQueue<>();

  /** Calls that were begun. */
  final AtomicInteger calls = new AtomicInteger();

  private final ByteBuf source;

  /**
   * @param source where {@link #SOURCE} takes its bytes from, at least {@link #MAX_DATA_BYTES};
   *     stays the caller's
   */
  EchoProgram(ByteBuf source) {
    this.source = source;
  }

  @Override
  public int number() {
    return NUMBER;
  }

  @Override
  public int lowestVersion() {
    return LOWEST_VERSION;
  }

  @Override
  public int highestVersion() {
    return HIGHEST_VERSION;
  }

  @Override
  public void call(RpcCall call) {
    ByteBuf in = call.arguments();
    calls.incrementAndGet();
    switch (call.procedure()) {
      case NULL -> call.reply();
      case ECHO -> call.reply().writeBytes(in);
      case SINK -> call.reply().writeInt(Xdr.readOpaqueSlice(in, MAX_DATA_BYTES).readableBytes());
      case SOURCE -> source(call, Xdr.readLength(in, MAX_DATA_BYTES));
      case GATHER -> gather(call, Xdr.readOpaqueSlice(in, MAX_DATA_BYTES));
      case DEFER -> {
        RpcCall.DeferredReply reply = call.defer();
        deferred.add(new Deferred(call, reply, in.readRetainedSlice(in.readableBytes())));
      }
      case MALFORMED -> {
        call.reply().writeLong(7);
        throw new XdrException("malformed on purpose");
      }
      case FAIL -> {
        call.reply().writeLong(7);
        call.appendData(in.retainedSlice()).writeLong(8);
        call.appendData(in.retainedSlice()).writeLong(9);
        throw new UnsupportedOperationException("failed on purpose");
      }
      case DENY -> {
        call.reply().writeLong(7);
        call.denied(AuthStatus.TOO_WEAK);
      }
      case DROP -> {
        call.reply().writeLong(7);
        call.drop();
      }
      case DEFER_AND_FAIL -> {
        call.defer();
        throw new UnsupportedOperationException("failed on purpose");
      }
      case WHO -> Xdr.writeString(call.reply(), call.credential() + " " + call.client().getPort());
      case FORGET -> {}
      default -> call.procedureUnavailable();
    }
  }

  private void source(RpcCall call, int bytes) {
    ByteBuf out = call.reply();
    out.writeInt(bytes).ensureWritable(bytes + 3);
    out.writeBytes(source, 0, bytes).writeZero(Xdr.paddingBytes(bytes));
  }

  private static void gather(RpcCall call, ByteBuf data) {
    call.reply().writeInt(data.readableBytes());
    call.appendData(data.retain()).writeZero(Xdr.paddingBytes(data.readableBytes()));
  }
}
