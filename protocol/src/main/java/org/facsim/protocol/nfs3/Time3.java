/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * {@code nfstime3}, RFC 1813 section 2.5.5: seconds and nanoseconds, both unsigned 32 bits, held as
 * nanoseconds since 1970. Times before 1970 or after 2106 are sent as the nearest possible time.
 */
final class Time3 {
  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long MAX_NANOS = 0xffff_ffffL * NANOS_PER_SECOND + NANOS_PER_SECOND - 1;

  /** Stands for a time whose nanoseconds make a second or more. No time on the wire is negative. */
  static final long INVALID = -1;

  private Time3() {}

  static void encode(ByteBuf out, long epochNanos) {
    out.writeLong(toWire(epochNanos));
  }

  /** Both halves as one word: seconds in the upper half, nanoseconds in the lower. */
  static long toWire(long epochNanos) {
    long nanos = Math.max(0, Math.min(epochNanos, MAX_NANOS));
    long seconds = nanos / NANOS_PER_SECOND;
    return seconds << 32 | (nanos - seconds * NANOS_PER_SECOND);
  }

  static long decode(ByteBuf in) {
    return fromWire(Xdr.readLong(in));
  }

  /** Appends a time that a client asks for; {@link #INVALID} is sent as an invalid time. */
  static void encodeAsked(ByteBuf out, long epochNanos) {
    out.writeLong(epochNanos == INVALID ? 0xffff_ffffL : toWire(epochNanos));
  }

  /**
   * Reads a time that a client asks for; {@link #INVALID} if it is not a valid time, which is not
   * malformed XDR.
   */
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

  /**
   * Reads {@code sattrguard3}; null if there is none, {@link #INVALID} if no file can have that
   * time.
   */
  static Long decodeGuard(ByteBuf in) {
    return Xdr.readBoolean(in) ? (Long) decodeAsked(in) : null;
  }
}
