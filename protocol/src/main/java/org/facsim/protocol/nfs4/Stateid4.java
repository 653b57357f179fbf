/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.XdrException;

/**
 * A stateid, RFC 8881 section 8.2: a sequence number, and 12 opaque bytes.
 *
 * @param seqid unsigned 32 bits
 * @param otherHigh the first 8 of the 12 bytes, big-endian
 * @param otherLow the last 4
 */
public record Stateid4(int seqid, long otherHigh, int otherLow) {
  /** The bytes on the wire. */
  public static final int SIZE_BYTES = 16;

  /** All zeros: anonymous. */
  public static final Stateid4 ANONYMOUS = new Stateid4(0, 0, 0);

  /** All ones: READ bypasses locks. */
  public static final Stateid4 READ_BYPASS = new Stateid4(-1, -1, -1);

  /** Stands for the current stateid of a COMPOUND, from minor version 1 on. */
  public static final Stateid4 CURRENT = new Stateid4(1, 0, 0);

  /** Never valid: what a delegation that was not given says, from minor version 1 on. */
  public static final Stateid4 INVALID = new Stateid4(-1, 0, 0);

  public static Stateid4 decode(ByteBuf in) {
    if (in.readableBytes() < SIZE_BYTES) {
      throw new XdrException("a stateid, " + in.readableBytes() + " bytes left");
    }
    int seqid = in.readInt();
    long high = in.readLong();
    int low = in.readInt();
    if (high == 0 && low == 0) {
      return seqid == 0 ? ANONYMOUS : seqid == 1 ? CURRENT : new Stateid4(seqid, high, low);
    }
    return new Stateid4(seqid, high, low);
  }

  public void encode(ByteBuf out) {
    out.writeInt(seqid).writeLong(otherHigh).writeInt(otherLow);
  }

  /** Whether the opaque bytes are all zeros or all ones, which no state has. */
  public boolean isSpecial() {
    return (otherHigh == 0 && otherLow == 0) || (otherHigh == -1 && otherLow == -1);
  }

  public boolean isAnonymous() {
    return equals(ANONYMOUS);
  }

  public boolean isReadBypass() {
    return equals(READ_BYPASS);
  }

  /** The same state at another sequence number. */
  public Stateid4 withSeqid(int newSeqid) {
    return new Stateid4(newSeqid, otherHigh, otherLow);
  }
}
