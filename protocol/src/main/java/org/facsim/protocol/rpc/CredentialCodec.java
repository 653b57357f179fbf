/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * Credential and verifier of a call, RFC 5531 section 8.2 and appendix A.
 *
 * <p>A connection usually repeats the same credential in each call. The codec therefore keeps the
 * last one as bytes and as an object. A call that repeats the bytes gets the object without
 * decoding. Only the connection's loop may use it.
 */
final class CredentialCodec {
  private static final Credential NONE = new Credential.None();
  private static final Credential TLS_PROBE = new Credential.TlsProbe();

  /** Of RFC 2203. */
  private static final int GSS_VERSION = 1;

  /** Whether RPCSEC_GSS is read, because something checks it. */
  private final boolean readsGss;

  private final ByteBuf lastBytes = Unpooled.buffer(0, RpcMessage.MAX_AUTH_BYTES);
  private Credential lastCredential;

  CredentialCodec(boolean readsGss) {
    this.readsGss = readsGss;
  }

  /**
   * Reads a credential and its verifier.
   *
   * @param in stands behind the {@link RpcMessage#CALL_FIXED_BYTES} of a call
   * @return the credential, or null if it is refused; {@link #refusal} then tells why
   */
  Credential read(ByteBuf in) {
    refusal = null;
    if (in.readableBytes() < 8) {
      return refuse(AuthStatus.BAD_CREDENTIAL);
    }
    int flavor = in.readInt();
    long lengthBytes = in.readUnsignedInt();
    if (lengthBytes > RpcMessage.MAX_AUTH_BYTES
        || lengthBytes + Xdr.paddingBytes((int) lengthBytes) > in.readableBytes()) {
      return refuse(AuthStatus.BAD_CREDENTIAL);
    }
    int start = in.readerIndex();
    int bodyBytes = (int) lengthBytes;
    in.skipBytes(bodyBytes + Xdr.paddingBytes(bodyBytes));
    return switch (flavor) {
      case RpcMessage.AUTH_NONE -> verified(in, NONE);
      case RpcMessage.AUTH_SYS -> sys(in, start, bodyBytes);
      // No shorthand was ever issued. The client must send its full credential again.
      case RpcMessage.AUTH_SHORT -> refuse(AuthStatus.REJECTED_CREDENTIAL);
      case RpcMessage.AUTH_TLS ->
          bodyBytes == 0 ? verified(in, TLS_PROBE) : refuse(AuthStatus.BAD_CREDENTIAL);
      case RpcMessage.RPCSEC_GSS ->
          readsGss ? gss(in, start, bodyBytes) : refuse(AuthStatus.BAD_CREDENTIAL);
      default -> refuse(AuthStatus.BAD_CREDENTIAL);
    };
  }

  /** Keeps a copy of what the verifier is about, and of the verifier. */
  private Credential gss(ByteBuf in, int start, int bodyBytes) {
    int headerIndex = start - 8 - RpcMessage.CALL_FIXED_BYTES;
    byte[] header = new byte[in.readerIndex() - headerIndex];
    in.getBytes(headerIndex, header);
    try {
      ByteBuf body = in.slice(start, bodyBytes);
      int version = Xdr.readInt(body);
      int procedure = Xdr.readInt(body);
      long sequence = Xdr.readUnsignedInt(body);
      int service = Xdr.readInt(body);
      byte[] handle = Xdr.readOpaque(body, RpcMessage.MAX_AUTH_BYTES);
      if (version != GSS_VERSION || body.isReadable()) {
        return refuse(AuthStatus.BAD_CREDENTIAL);
      }
      int flavor = Xdr.readInt(in);
      byte[] verifier = Xdr.readOpaque(in, RpcMessage.MAX_AUTH_BYTES);
      boolean isGss = flavor == RpcMessage.RPCSEC_GSS;
      return new Credential.GssUnverified(
          header, procedure, sequence, service, handle, isGss ? verifier : null);
    } catch (XdrException e) {
      return refuse(AuthStatus.BAD_CREDENTIAL);
    }
  }

  private AuthStatus refusal;

  /** Why the last {@link #read} returned null. */
  AuthStatus refusal() {
    return refusal;
  }

  private Credential refuse(AuthStatus why) {
    refusal = why;
    return null;
  }

  private Credential sys(ByteBuf in, int start, int bodyBytes) {
    boolean repeated =
        lastCredential != null
            && lastBytes.readableBytes() == bodyBytes
            && ByteBufUtil.equals(in, start, lastBytes, 0, bodyBytes);
    if (!repeated) {
      Credential decoded;
      try {
        decoded = decodeSys(in.slice(start, bodyBytes));
      } catch (XdrException e) {
        return refuse(AuthStatus.BAD_CREDENTIAL);
      }
      lastBytes.clear().writeBytes(in, start, bodyBytes);
      lastCredential = decoded;
    }
    return verified(in, lastCredential);
  }

  /** Checks the verifier: both AUTH_NONE and AUTH_SYS have an empty AUTH_NONE verifier. */
  private Credential verified(ByteBuf in, Credential credential) {
    if (in.readableBytes() < 8 || in.readInt() != RpcMessage.AUTH_NONE || in.readInt() != 0) {
      return refuse(AuthStatus.BAD_VERIFIER);
    }
    return credential;
  }

  private static Credential.Sys decodeSys(ByteBuf body) {
    long stamp = Xdr.readUnsignedInt(body);
    String machineName = Xdr.readString(body, RpcMessage.MAX_MACHINE_NAME_BYTES);
    long uid = Xdr.readUnsignedInt(body);
    long gid = Xdr.readUnsignedInt(body);
    int count = Xdr.readLength(body, RpcMessage.MAX_GROUPS);
    List<Long> groups = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      groups.add(Xdr.readUnsignedInt(body));
    }
    if (body.isReadable()) {
      throw new XdrException(body.readableBytes() + " bytes behind an AUTH_SYS body");
    }
    return new Credential.Sys(stamp, machineName, uid, gid, groups);
  }

  /** Writes credential and verifier, as a client sends them. */
  static void write(ByteBuf out, Credential credential) {
    if (credential instanceof Credential.Sys sys) {
      writeSys(out, sys);
    } else {
      out.writeInt(RpcMessage.AUTH_NONE).writeInt(0);
    }
    out.writeInt(RpcMessage.AUTH_NONE).writeInt(0);
  }

  private static void writeSys(ByteBuf out, Credential.Sys sys) {
    byte[] machineName = sys.machineName().getBytes(UTF_8);
    if (machineName.length > RpcMessage.MAX_MACHINE_NAME_BYTES
        || sys.groups().size() > RpcMessage.MAX_GROUPS) {
      throw new IllegalArgumentException("beyond the bounds of AUTH_SYS: " + sys);
    }
    out.writeInt(RpcMessage.AUTH_SYS);
    int lengthIndex = out.writerIndex();
    out.writeInt(0);
    out.writeInt((int) sys.stamp());
    Xdr.writeOpaque(out, machineName);
    out.writeInt((int) sys.uid());
    out.writeInt((int) sys.gid());
    out.writeInt(sys.groups().size());
    for (long group : sys.groups()) {
      out.writeInt((int) group);
    }
    out.setInt(lengthIndex, out.writerIndex() - lengthIndex - 4);
  }
}
