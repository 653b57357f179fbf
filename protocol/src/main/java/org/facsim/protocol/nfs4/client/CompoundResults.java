/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.BulkResults;
import org.facsim.protocol.rpc.BulkSpan;
import org.facsim.protocol.xdr.Xdr;

/**
 * Reads the results of a COMPOUND. The data of its READ may have a buffer of its own if nothing but
 * SEQUENCE and PUTFH is in front of it, as hosts read.
 */
final class CompoundResults<T> implements BulkResults<T> {
  /** Number and status of an operation. */
  private static final int OPERATION_BYTES = 8;

  /** Session, sequence, slot, both slot bounds and flags. */
  private static final int SEQUENCE_BYTES = 16 + 5 * Integer.BYTES;

  /** End-of-file flag and the length of the data. */
  private static final int READ_BYTES = 8;

  private final Function<Results4, T> results;

  CompoundResults(Function<Results4, T> results) {
    this.results = results;
  }

  @Override
  public BulkSpan bulkData(ByteBuf arrived, int resultBytes) {
    int arrivedBytes = arrived.readableBytes();
    if (arrivedBytes < OPERATION_BYTES) {
      return BulkSpan.UNKNOWN;
    }
    int tagBytes = arrived.getInt(Integer.BYTES);
    if (arrived.getInt(0) != 0 || tagBytes < 0 || tagBytes > Nfs4.MAX_TAG_BYTES) {
      return BulkSpan.NONE;
    }
    int at = OPERATION_BYTES + tagBytes + Xdr.paddingBytes(tagBytes) + Integer.BYTES;
    while (at + OPERATION_BYTES <= arrivedBytes) {
      int operation = arrived.getInt(at);
      at += OPERATION_BYTES;
      switch (operation) {
        case Op4.SEQUENCE -> at += SEQUENCE_BYTES;
        case Op4.PUTFH -> {}
        case Op4.READ -> {
          return dataAt(arrived, at + READ_BYTES, resultBytes);
        }
        default -> {
          return BulkSpan.NONE;
        }
      }
    }
    return BulkSpan.UNKNOWN;
  }

  private static BulkSpan dataAt(ByteBuf arrived, int dataAt, int resultBytes) {
    if (arrived.readableBytes() < dataAt) {
      return BulkSpan.UNKNOWN;
    }
    int lengthBytes = arrived.getInt(dataAt - Integer.BYTES);
    return BulkSpan.ofLength(
        dataAt, lengthBytes, Math.min(Nfs4.MAX_TRANSFER_BYTES, resultBytes - dataAt));
  }

  @Override
  public T apply(ByteBuf in) {
    return results.apply(new Results4(in));
  }

  @Override
  public T apply(ByteBuf in, ByteBuf data) {
    return results.apply(new Results4(in, data));
  }
}
