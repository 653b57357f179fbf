/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.BulkWrites;
import org.facsim.protocol.rpc.BulkSpan;
import org.facsim.protocol.xdr.Xdr;

/**
 * Looks at the arguments of a WRITE of which only the first bytes have arrived, RFC 1813 section
 * 3.3.7. It judges nothing: {@link Write} does, when all are there.
 */
final class WriteHead {
  private static final int MAX_HANDLE_BYTES = 64;

  /** Offset, count, stable, length of the data. */
  private static final int FIXED_BYTES = 20;

  private static final int COUNT = 8;
  private static final int LENGTH = 16;

  private WriteHead() {}

  /** Where the data is; as {@link org.facsim.protocol.rpc.RpcProgram#bulkData}. */
  static BulkSpan dataOf(ByteBuf arrived, int argumentBytes) {
    int arrivedBytes = arrived.readableBytes();
    int start = arrived.readerIndex();
    if (arrivedBytes < Integer.BYTES) {
      return BulkSpan.UNKNOWN;
    }
    int handleBytes = arrived.getInt(start);
    if (handleBytes < 0 || handleBytes > MAX_HANDLE_BYTES) {
      return BulkSpan.NONE;
    }
    int at = Integer.BYTES + handleBytes + Xdr.paddingBytes(handleBytes);
    if (arrivedBytes < at + FIXED_BYTES) {
      return BulkSpan.UNKNOWN;
    }
    long offsetBytes = arrived.getLong(start + at);
    int countBytes = arrived.getInt(start + at + COUNT);
    int lengthBytes = arrived.getInt(start + at + LENGTH);
    int dataAt = at + FIXED_BYTES;
    if (countBytes != lengthBytes || lengthBytes != argumentBytes - dataAt) {
      return BulkSpan.NONE;
    }
    return BulkWrites.span(dataAt, offsetBytes, lengthBytes);
  }
}
