/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * The arguments of OPEN, RFC 8881 section 18.16: an object that is built and sent. Start from
 * {@link #by}. Not thread-safe while it is built.
 */
public final class Open4 {
  public static final int READ = 1;
  public static final int WRITE = 2;
  public static final int BOTH = 3;
  public static final int DENY_NONE = 0;

  /** Added to the access, from minor version 1 on: no delegation is wanted. */
  public static final int WANT_NO_DELEGATION = 0x400;

  private static final int UNCHECKED = 0;
  private static final int GUARDED = 1;
  private static final int CLAIM_NULL = 0;
  private static final int CLAIM_PREVIOUS = 1;
  private static final int CLAIM_FH = 4;

  private final byte[] owner;
  private final int access;
  private final int deny;
  private int seqid;
  private long clientId;
  private boolean creates;
  private int createMode;
  private Attributes4 attributes = Attributes4.none();
  private int claim = CLAIM_FH;
  private String name;

  private Open4(byte[] owner, int access, int deny) {
    this.owner = owner.clone();
    this.access = access;
    this.deny = deny;
  }

  /**
   * Opens the current file (from minor version 1 on).
   *
   * @param access {@link #READ} and its siblings, with what is wanted of delegations
   * @param deny the same bits, for what others may not have
   */
  public static Open4 by(byte[] owner, int access, int deny) {
    return new Open4(owner, access, deny);
  }

  /** A file of the current directory. */
  public Open4 named(String file) {
    claim = CLAIM_NULL;
    name = file;
    return this;
  }

  /** Makes the file. */
  public Open4 create(boolean guarded, Attributes4 with) {
    creates = true;
    createMode = guarded ? GUARDED : UNCHECKED;
    attributes = with;
    return this;
  }

  /** Opens the current file once more as before a restart of the server, without a delegation. */
  public Open4 reclaiming() {
    claim = CLAIM_PREVIOUS;
    return this;
  }

  /** What minor version 0 needs, which has no session that says it. */
  public Open4 ofMinorVersion0(long client, int sequence) {
    clientId = client;
    seqid = sequence;
    return this;
  }

  void write(ByteBuf out) {
    out.writeInt(seqid).writeInt(access).writeInt(deny).writeLong(clientId);
    Xdr.writeOpaque(out, owner);
    if (creates) {
      out.writeInt(1).writeInt(createMode);
      attributes.write(out);
    } else {
      out.writeInt(0);
    }
    out.writeInt(claim);
    if (claim == CLAIM_NULL) {
      Xdr.writeString(out, name);
    } else if (claim == CLAIM_PREVIOUS) {
      out.writeInt(0);
    }
  }
}
