/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** What EXCHANGE_ID without state protection returned: RFC 8881 section 18.35. */
public final class ExchangedId4 {
  /** In {@link #flags}: the client id has a session already. */
  public static final int CONFIRMED = 0x80000000;

  private final long clientId;
  private final int sequence;
  private final int flags;
  private final long ownerMinor;
  private final byte[] ownerMajor;
  private final byte[] scope;

  private ExchangedId4(ByteBuf in) {
    clientId = Xdr.readLong(in);
    sequence = Xdr.readInt(in);
    flags = Xdr.readInt(in);
    int protection = Xdr.readInt(in);
    if (protection != 0) {
      throw new XdrException("protection of state that was not asked for: " + protection);
    }
    ownerMinor = Xdr.readLong(in);
    ownerMajor = Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES);
    scope = Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES);
  }

  /** Reads the results of EXCHANGE_ID; the implementation id of the server is left. */
  public static ExchangedId4 read(ByteBuf in) {
    return new ExchangedId4(in);
  }

  public long clientId() {
    return clientId;
  }

  /** Of the next CREATE_SESSION. */
  public int sequence() {
    return sequence;
  }

  public int flags() {
    return flags;
  }

  /** The major part of the server owner as text, for messages. */
  public String ownerText() {
    return new String(ownerMajor, UTF_8);
  }

  /**
   * Whether connections to both may be used for one session, once both gave the same client id: the
   * whole server owner and the scope are the same (RFC 8881 section 2.10.5).
   */
  public boolean isOfSameServer(ExchangedId4 other) {
    return ownerMinor == other.ownerMinor
        && Arrays.equals(ownerMajor, other.ownerMajor)
        && Arrays.equals(scope, other.scope);
  }
}
