/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.facsim.protocol.rpc.AuthStatus;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.GssService;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.xdr.Xdr;
import org.ietf.jgss.GSSException;

/**
 * A call with RPCSEC_GSS as its program sees it: plain arguments, and results that are protected
 * when they are complete. With {@link GssService#AUTHENTICATION} results go where they always go.
 */
final class GssCall implements RpcCall {
  /** From here on, results are protected aside. */
  static final int MIN_ASIDE_BYTES = 64 << 10;

  private final RpcCall call;
  private final GssSession session;
  private final GssService service;
  private final long sequence;
  private final ByteBuf arguments;
  private final ByteBufAllocator allocator;

  /** Protects large results. */
  private final Executor sealer;

  /** The sequence number and the results so far; null if they need no protection, or none began. */
  private ByteBuf results;

  GssCall(
      RpcCall call,
      GssSession session,
      GssService service,
      long sequence,
      ByteBuf arguments,
      Executor sealer) {
    this.call = call;
    this.session = session;
    this.service = service;
    this.sequence = sequence;
    this.arguments = arguments;
    allocator = arguments.alloc();
    this.sealer = sealer;
  }

  private boolean isPlain() {
    return service == GssService.AUTHENTICATION;
  }

  private ByteBuf begin() {
    return allocator.directBuffer().writeInt((int) sequence);
  }

  /** Discards results that did not become the answer. */
  void forget() {
    if (results != null) {
      results.release();
      results = null;
    }
  }

  /** The program has returned. Results that it gave are protected now, large ones aside. */
  void end() {
    if (results == null) {
      return;
    }
    byte[] plain = taken(results);
    results = null;
    if (plain.length < MIN_ASIDE_BYTES) {
      write(sealed(plain), call.reply());
      return;
    }
    DeferredReply later = call.defer();
    Runnable seal = () -> complete(later, plain);
    try {
      sealer.execute(seal);
    } catch (RejectedExecutionException e) {
      seal.run();
    }
  }

  private void complete(DeferredReply later, byte[] plain) {
    byte[][] sealed;
    try {
      sealed = sealed(plain);
    } catch (RuntimeException | Error e) {
      later.fail(e);
      return;
    }
    later.complete(out -> write(sealed, out));
  }

  /** The bytes of what was gathered, which is released. */
  private byte[] taken(ByteBuf complete) {
    try {
      if (complete.readableBytes() >= 2 * Integer.BYTES) {
        call.protectedStatus(complete.getInt(complete.readerIndex() + Integer.BYTES));
      }
      return ByteBufUtil.getBytes(complete);
    } finally {
      complete.release();
    }
  }

  /** What is sent instead: bytes with their checksum, or one encrypted text. */
  private byte[][] sealed(byte[] plain) {
    try {
      return service == GssService.INTEGRITY
          ? new byte[][] {plain, session.checksum(plain)}
          : new byte[][] {session.wrap(plain)};
    } catch (GSSException e) {
      throw new IllegalStateException("results cannot be protected", e);
    }
  }

  private static void write(byte[][] sealed, ByteBuf out) {
    for (byte[] opaque : sealed) {
      Xdr.writeOpaque(out, opaque);
    }
  }

  @Override
  public Credential credential() {
    return session.credential(service);
  }

  @Override
  public ByteBuf arguments() {
    return arguments;
  }

  @Override
  public ByteBuf reply() {
    if (isPlain()) {
      return call.reply();
    }
    if (results == null) {
      results = begin();
    }
    return results;
  }

  @Override
  public ByteBuf appendData(ByteBuf data) {
    if (isPlain()) {
      return call.appendData(data);
    }
    try {
      if (results == null) {
        throw new IllegalStateException("no results were begun");
      }
      return results.writeBytes(data);
    } finally {
      data.release();
    }
  }

  @Override
  public void procedureUnavailable() {
    forget();
    call.procedureUnavailable();
  }

  @Override
  public void denied(AuthStatus why) {
    forget();
    call.denied(why);
  }

  @Override
  public void systemError() {
    forget();
    call.systemError();
  }

  @Override
  public void drop() {
    forget();
    call.drop();
  }

  @Override
  public DeferredReply defer() {
    forget();
    DeferredReply later = call.defer();
    return isPlain() ? later : new ProtectedReply(later);
  }

  /** Protects results that are given later. */
  private final class ProtectedReply implements DeferredReply {
    private final DeferredReply later;

    ProtectedReply(DeferredReply later) {
      this.later = later;
    }

    @Override
    public void complete(ReplyEncoder encoder) {
      later.complete(
          new ReplyEncoder() {
            @Override
            public void encode(ByteBuf out) {
              ByteBuf complete = begin();
              boolean isEncoded = false;
              try {
                encoder.encode(complete);
                isEncoded = true;
              } finally {
                if (!isEncoded) {
                  complete.release();
                }
              }
              write(sealed(taken(complete)), out);
            }

            @Override
            public void discard() {
              encoder.discard();
            }
          });
    }

    @Override
    public void fail(Throwable cause) {
      later.fail(cause);
    }
  }

  // ---------------------------------------------------------------- as it is

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
  public Object attachment() {
    return call.attachment();
  }

  @Override
  public void answersFromMemory() {
    call.answersFromMemory();
  }

  @Override
  public long roughNanos(boolean isAnswered) {
    return call.roughNanos(isAnswered);
  }

  @Override
  public int callsAtHand() {
    return call.callsAtHand();
  }

  @Override
  public void tookEffect(long era) {
    call.tookEffect(era);
  }
}
