/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.BulkWrites;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.BulkSpan;

/**
 * Looks for the WRITE in a COMPOUND of which only the first bytes have arrived, RFC 7530 section
 * 14.2. Before it, clients send SEQUENCE and PUTFH, and perhaps other short operations; behind its
 * data GETATTR. It judges nothing: {@link CompoundRun} does, when all is there.
 */
final class CompoundHead {
  /** Clients send two or three. */
  private static final int MAX_OPERATIONS_BEFORE = 16;

  private static final int SEQUENCE_BYTES = 32;
  private static final int STATEID_BYTES = 16;

  /** Offset and stable_how4. */
  private static final int OFFSET_AND_HOW_BYTES = 12;

  private final ByteBuf arrived;
  private final int start;
  private final int argumentBytes;

  /** Behind what was read, from the beginning of the arguments. */
  private long at;

  private CompoundHead(ByteBuf arrived, int argumentBytes) {
    this.arrived = arrived;
    this.start = arrived.readerIndex();
    this.argumentBytes = argumentBytes;
  }

  /** Where the data is; as {@link org.facsim.protocol.rpc.RpcProgram#bulkData}. */
  static BulkSpan dataOf(ByteBuf arrived, int argumentBytes) {
    return new CompoundHead(arrived, argumentBytes).find();
  }

  private BulkSpan find() {
    skipOpaque(); // the tag
    at += Integer.BYTES; // the minor version
    int operations = readInt();
    for (int i = 0; i <= MAX_OPERATIONS_BEFORE && isThere(); i++) {
      int number = readInt();
      if (!isThere()) {
        break;
      }
      if (i >= operations) {
        return BulkSpan.NONE;
      }
      if (number == Op4.WRITE) {
        return write();
      }
      if (!skip(number)) {
        return BulkSpan.NONE;
      }
    }
    return isThere() || at > argumentBytes ? BulkSpan.NONE : BulkSpan.UNKNOWN;
  }

  /** Skips the arguments of an operation that may be in front of a WRITE; false for others. */
  private boolean skip(int number) {
    switch (number) {
      case Op4.SEQUENCE -> at += SEQUENCE_BYTES;
      case Op4.PUTFH -> skipOpaque();
      case Op4.GETATTR -> {
        long words = readInt() & 0xffff_ffffL; // moves on, so it comes before the addition
        at += words * Integer.BYTES;
      }
      case Op4.PUTROOTFH, Op4.SAVEFH, Op4.RESTOREFH -> {}
      default -> {
        return false;
      }
    }
    return true;
  }

  private BulkSpan write() {
    at += STATEID_BYTES;
    long offsetAt = at;
    at += OFFSET_AND_HOW_BYTES;
    int lengthBytes = readInt();
    if (!isThere()) {
      return at > argumentBytes ? BulkSpan.NONE : BulkSpan.UNKNOWN;
    }
    return BulkWrites.span((int) at, arrived.getLong(start + (int) offsetAt), lengthBytes);
  }

  /** Whether everything up to here has arrived. */
  private boolean isThere() {
    return at <= arrived.readableBytes();
  }

  /** The next number; 0 if it has not arrived. */
  private int readInt() {
    int value =
        at + Integer.BYTES <= arrived.readableBytes() ? arrived.getInt(start + (int) at) : 0;
    at += Integer.BYTES;
    return value;
  }

  private void skipOpaque() {
    long bytes = readInt() & 0xffff_ffffL;
    at += (bytes + 3) & ~3L;
  }
}
