/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.retransmission;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.facsim.protocol.rpc.AuthStatus;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.services.state.AtMostOnce;

/** A first call whose results the duplicate request cache keeps. */
final class RecordedCall implements RpcCall {
  private enum Answer {
    NONE,
    RESULTS,
    DEFERRED
  }

  private final RpcCall call;
  private final AtMostOnce<GuardedCall, byte[]> table;
  private final GuardedCall remembered;
  private Answer answer = Answer.NONE;
  private ByteBuf out;
  private int startIndex;
  private long era = AtMostOnce.NO_EFFECT;

  /** Parts of an answer that is encoded before it is back on the event loop; numbers, statuses. */
  private List<int[]> parts = List.of();

  RecordedCall(RpcCall call, AtMostOnce<GuardedCall, byte[]> table, GuardedCall remembered) {
    this.call = call;
    this.table = table;
    this.remembered = remembered;
  }

  /** Keeps what the program appended; forgets a call that it refused or dropped. */
  void programReturned() {
    switch (answer) {
      case RESULTS -> {
        byte[] results = new byte[out.writerIndex() - startIndex];
        out.getBytes(startIndex, results);
        table.answered(remembered, results, era);
      }
      case NONE -> table.forget(remembered);
      case DEFERRED -> {}
    }
  }

  /** Forgets the call, because the program threw. */
  void programFailed() {
    table.forget(remembered);
  }

  @Override
  public ByteBuf reply() {
    out = call.reply();
    if (answer != Answer.RESULTS) {
      answer = Answer.RESULTS;
      startIndex = out.writerIndex();
    }
    return out;
  }

  /** Copies bulk data: remembered calls have next to none. */
  @Override
  public ByteBuf appendData(ByteBuf data) {
    try {
      return reply().writeBytes(data, data.readerIndex(), data.readableBytes());
    } finally {
      data.release();
    }
  }

  @Override
  public DeferredReply defer() {
    DeferredReply deferred = call.defer();
    answer = Answer.DEFERRED;
    return new DeferredReply() {
      @Override
      public void complete(ReplyEncoder results) {
        byte[] bytes;
        parts = new ArrayList<>();
        try {
          bytes = DuplicateRequestCache.bytesOf(results);
        } catch (RuntimeException e) {
          fail(e);
          return;
        }
        table.answered(remembered, bytes, era);
        List<int[]> counted = parts;
        deferred.complete(
            reply -> {
              counted.forEach(part -> call.countPart(part[0], part[1]));
              reply.writeBytes(bytes);
            });
      }

      @Override
      public void fail(Throwable cause) {
        table.forget(remembered);
        deferred.fail(cause);
      }
    };
  }

  @Override
  public void countPart(int part, int status) {
    if (answer == Answer.DEFERRED) {
      parts.add(new int[] {part, status});
    } else {
      call.countPart(part, status);
    }
  }

  @Override
  public void tookEffect(long newEra) {
    era = newEra;
    call.tookEffect(newEra);
  }

  @Override
  public void procedureUnavailable() {
    call.procedureUnavailable();
    answer = Answer.NONE;
  }

  @Override
  public void denied(AuthStatus why) {
    call.denied(why);
    answer = Answer.NONE;
  }

  @Override
  public void systemError() {
    call.systemError();
    answer = Answer.NONE;
  }

  @Override
  public Object attachment() {
    return call.attachment();
  }

  @Override
  public void answersFromMemory() {
    call.answersFromMemory();
  }

  @Override
  public void drop() {
    call.drop();
    answer = Answer.NONE;
  }

  @Override
  public int xid() {
    return call.xid();
  }

  @Override
  public int program() {
    return call.program();
  }

  @Override
  public int version() {
    return call.version();
  }

  @Override
  public int procedure() {
    return call.procedure();
  }

  @Override
  public Credential credential() {
    return call.credential();
  }

  @Override
  public InetSocketAddress client() {
    return call.client();
  }

  @Override
  public CallOrigin origin() {
    return call.origin();
  }

  @Override
  public InetSocketAddress server() {
    return call.server();
  }

  @Override
  public ByteBuf arguments() {
    return call.arguments();
  }
}
