/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.net.InetSocketAddress;
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
  private final RpcCall call;
  private final GssSession session;
  private final GssService service;
  private final long sequence;
  private final ByteBuf arguments;
  private final ByteBufAllocator allocator;

  /** The sequence number and the results so far; null if they need no protection, or none began. */
  private ByteBuf results;

  GssCall(RpcCall call, GssSession session, GssService service, long sequence, ByteBuf arguments) {
    this.call = call;
    this.session = session;
    this.service = service;
    this.sequence = sequence;
    this.arguments = arguments;
    allocator = arguments.alloc();
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

  /** The program has returned. Results that it gave are protected now. */
  void end() {
    if (results != null) {
      ByteBuf complete = results;
      results = null;
      protect(complete, call.reply());
    }
  }

  /** Appends what was gathered, protected, and releases it. */
  private void protect(ByteBuf complete, ByteBuf out) {
    try {
      if (complete.readableBytes() >= 2 * Integer.BYTES) {
        call.protectedStatus(complete.getInt(complete.readerIndex() + Integer.BYTES));
      }
      byte[] plain = ByteBufUtil.getBytes(complete);
      if (service == GssService.INTEGRITY) {
        Xdr.writeOpaque(out, plain);
        Xdr.writeOpaque(out, session.checksum(plain));
      } else {
        Xdr.writeOpaque(out, session.wrap(plain));
      }
    } catch (GSSException e) {
      throw new IllegalStateException("results cannot be protected", e);
    } finally {
      complete.release();
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
              protect(complete, out);
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
