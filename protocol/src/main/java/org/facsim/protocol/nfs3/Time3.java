/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * {@code nfstime3}, RFC 1813 section 2.5.5: seconds and nanoseconds, both unsigned 32 bits, held as
 * nanoseconds since the epoch. Times before 1970 or after 2106 go out as the nearest that can.
 */
final class Time3 {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long MAX_NANOS = 0xffff_ffffL * NANOS_PER_SECOND + NANOS_PER_SECOND - 1;

  /** A time whose nanoseconds make up a second or more; no time on the wire is before the epoch. */
  static final long INVALID = -1;

  private Time3() {}

  static void encode(ByteBuf out, long epochNanos) {
    out.writeLong(toWire(epochNanos));
  }

  /** Both halves: seconds above, nanoseconds below. */
  static long toWire(long epochNanos) {
    long nanos = Math.max(0, Math.min(epochNanos, MAX_NANOS));
    long seconds = nanos / NANOS_PER_SECOND;
    return seconds << 32 | (nanos - seconds * NANOS_PER_SECOND);
  }

  static long decode(ByteBuf in) {
    return fromWire(Xdr.readLong(in));
  }

  /** Appends a time that a client asks for, {@link #INVALID} as one that is none. */
  static void encodeAsked(ByteBuf out, long epochNanos) {
    out.writeLong(epochNanos == INVALID ? 0xffff_ffffL : toWire(epochNanos));
  }

  /** A time that a client asks for; {@link #INVALID} if it is none, which is not malformed XDR. */
  static long decodeAsked(ByteBuf in) {
    long wire = Xdr.readLong(in);
    return (wire & 0xffff_ffffL) < NANOS_PER_SECOND ? fromWire(wire) : INVALID;
  }

  static long fromWire(long wire) {
    long nanos = wire & 0xffff_ffffL;
    if (nanos >= NANOS_PER_SECOND) {
      throw new XdrException("nfstime3 of " + nanos + " ns, below " + NANOS_PER_SECOND);
    }
    return (wire >>> 32) * NANOS_PER_SECOND + nanos;
  }

  /** Appends {@code sattrguard3}. */
  static void encodeGuard(ByteBuf out, Long epochNanosOrNull) {
    Xdr.writeBoolean(out, epochNanosOrNull != null);
    if (epochNanosOrNull != null) {
      encodeAsked(out, epochNanosOrNull);
    }
  }

  /** Reads {@code sattrguard3}; null if there is none, {@link #INVALID} if no file can have it. */
  static Long decodeGuard(ByteBuf in) {
    return Xdr.readBoolean(in) ? (Long) decodeAsked(in) : null;
  }
}
