/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.facsim.protocol.rpc.AuthStatus;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.rpc.GssService;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcProgramDecorator;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;
import org.ietf.jgss.GSSContext;
import org.ietf.jgss.GSSException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call with RPCSEC_GSS, RFC 2203 section 5: it makes a context, ends one, or is a call of a
 * program that is checked and protected.
 */
final class GssExchange extends RpcProgramDecorator {
  private static final Logger LOG = LoggerFactory.getLogger(GssExchange.class);

  // gss_proc
  private static final int DATA = 0;
  private static final int INIT = 1;
  private static final int CONTINUE_INIT = 2;
  private static final int DESTROY = 3;

  private static final int NULL_PROCEDURE = 0;

  /** A context whose client has used so many numbers must be replaced. */
  private static final long MAX_SEQUENCE = 0x8000_0000L;

  /** The longest token that is read; one of Kerberos with a PAC may have several ten KiB. */
  private static final int MAX_TOKEN_BYTES = 64 << 10;

  // GSS major statuses on the wire
  private static final int COMPLETE = 0;
  private static final int CONTINUE_NEEDED = 1;
  private static final int DEFECTIVE_TOKEN = 9 << 16;

  /** A context that its mechanism gives no end, and the longest time for the others. */
  private static final long LONGEST_LIFE_NANOS = TimeUnit.DAYS.toNanos(1);

  private final GssSecurity security;
  private final Credential.GssUnverified claim;

  /**
   * @param program gets the call when it is checked
   */
  GssExchange(GssSecurity security, Credential.GssUnverified claim, RpcProgram program) {
    super(program);
    this.security = security;
    this.claim = claim;
  }

  @Override
  public void call(RpcCall call) {
    switch (claim.procedure()) {
      case DATA -> serve(call);
      case INIT, CONTINUE_INIT -> make(call);
      case DESTROY -> destroy(call);
      default -> call.denied(AuthStatus.BAD_CREDENTIAL);
    }
  }

  // ---------------------------------------------------------------- contexts

  private void make(RpcCall call) {
    if (call.procedure() != NULL_PROCEDURE) {
      call.denied(AuthStatus.BAD_CREDENTIAL);
      return;
    }
    byte[] token = Xdr.readOpaque(call.arguments(), MAX_TOKEN_BYTES);
    boolean isNew = claim.procedure() == INIT;
    GssSession known = isNew ? null : security.sessions().find(claim.handle());
    if (!isNew && known == null) {
      call.denied(AuthStatus.GSS_CREDENTIAL_PROBLEM);
      return;
    }
    RpcCall.DeferredReply reply = call.defer();
    try {
      security.maker().execute(() -> accept(known, token, call, reply));
    } catch (RejectedExecutionException e) {
      reply.fail(new IllegalStateException("too many contexts of RPCSEC_GSS are being made", e));
    }
  }

  private void accept(GssSession known, byte[] token, RpcCall call, RpcCall.DeferredReply reply) {
    GssSession session = known;
    try {
      if (session == null) {
        GSSContext context = security.acceptor().begin();
        session = security.sessions().add(context, security.nowNanos());
      }
      byte[] answer = session.accept(token);
      boolean isEstablished = session.isEstablished();
      byte[] verifier = null;
      if (isEstablished) {
        establish(session);
        verifier = session.verifierOf(SequenceWindow.SIZE);
      }
      answer(call, reply, session, isEstablished ? COMPLETE : CONTINUE_NEEDED, 0, answer, verifier);
    } catch (GSSException e) {
      LOG.debug("no context of RPCSEC_GSS for {}: {}", call.client(), e.getMessage());
      if (session != null) {
        security.sessions().remove(session);
      }
      answer(call, reply, null, e.getMajor() << 16, e.getMinor(), null, null);
    } catch (RuntimeException e) {
      LOG.warn("no context of RPCSEC_GSS for {}", call.client(), e);
      answer(call, reply, null, DEFECTIVE_TOKEN, 0, null, null);
    }
  }

  private void establish(GssSession session) throws GSSException {
    String principal = session.principal();
    long lifeNanos =
        Math.min(
            LONGEST_LIFE_NANOS, TimeUnit.SECONDS.toNanos(Math.max(1, session.lifetimeSeconds())));
    session.establish(
        principal,
        security.options().principals().apply(principal),
        security.nowNanos() + lifeNanos);
  }

  private static void answer(
      RpcCall call,
      RpcCall.DeferredReply reply,
      GssSession session,
      int major,
      int minor,
      byte[] token,
      byte[] verifier) {
    if (verifier != null) {
      call.gssVerifier(verifier);
    }
    reply.complete(
        out -> {
          Xdr.writeOpaque(out, session == null ? new byte[0] : handleOf(session));
          out.writeInt(major).writeInt(minor).writeInt(SequenceWindow.SIZE);
          Xdr.writeOpaque(out, token == null ? new byte[0] : token);
        });
  }

  private static byte[] handleOf(GssSession session) {
    return ByteBuffer.allocate(GssSessions.HANDLE_BYTES).putLong(session.handle()).array();
  }

  private void destroy(RpcCall call) {
    GssSession session = admitted(call);
    if (session != null) {
      security.sessions().remove(session);
      call.reply();
    }
  }

  // ---------------------------------------------------------------- calls

  /**
   * Checks who calls, and that the call is new.
   *
   * @return null if the call was refused or dropped
   */
  private GssSession admitted(RpcCall call) {
    GssSession session = security.sessions().find(claim.handle());
    byte[] header = claim.header();
    if (session == null
        || !session.isUsable(security.nowNanos())
        || claim.verifier() == null
        || !session.verifies(claim.verifier(), header, 0, header.length)) {
      call.denied(AuthStatus.GSS_CREDENTIAL_PROBLEM);
      return null;
    }
    if (claim.sequence() >= MAX_SEQUENCE) {
      call.denied(AuthStatus.GSS_CONTEXT_PROBLEM);
      return null;
    }
    if (!session.accept(claim.sequence())) {
      call.drop(); // RFC 2203, section 5.3.3.1: silently
      return null;
    }
    try {
      call.gssVerifier(session.verifierOf(claim.sequence()));
    } catch (GSSException e) {
      call.denied(AuthStatus.GSS_CONTEXT_PROBLEM);
      return null;
    }
    return session;
  }

  private void serve(RpcCall call) {
    GssService service = GssService.of(claim.service());
    if (service == null) {
      call.denied(AuthStatus.BAD_CREDENTIAL);
      return;
    }
    GssSession session = admitted(call);
    if (session == null) {
      return;
    }
    ByteBuf arguments = plain(session, service, call.arguments());
    GssCall inside =
        new GssCall(call, session, service, claim.sequence(), arguments, security.sealer());
    try {
      behind().call(inside);
      inside.end();
    } finally {
      inside.forget();
      arguments.release();
    }
  }

  /**
   * The arguments without their protection; to be released.
   *
   * @throws XdrException if they are not what the client sent
   */
  private ByteBuf plain(GssSession session, GssService service, ByteBuf in) {
    if (service == GssService.AUTHENTICATION) {
      return in.retain();
    }
    byte[] body = Xdr.readOpaque(in, in.readableBytes());
    if (service == GssService.INTEGRITY) {
      byte[] checksum = Xdr.readOpaque(in, in.readableBytes());
      if (!session.verifies(checksum, body, 0, body.length)) {
        throw new XdrException("the checksum of the arguments is wrong");
      }
    } else {
      try {
        body = session.unwrap(body);
      } catch (GSSException e) {
        throw new XdrException("the arguments cannot be decrypted: " + e.getMessage());
      }
    }
    if (body.length < Integer.BYTES || ByteBuffer.wrap(body).getInt() != (int) claim.sequence()) {
      throw new XdrException("the arguments are of another call");
    }
    ByteBuf plain = in.alloc().directBuffer(Math.max(1, body.length - Integer.BYTES));
    return plain.writeBytes(body, Integer.BYTES, body.length - Integer.BYTES);
  }
}
