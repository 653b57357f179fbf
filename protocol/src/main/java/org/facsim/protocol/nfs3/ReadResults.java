/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import java.util.function.Function;
import org.facsim.protocol.rpc.BulkResults;
import org.facsim.protocol.rpc.BulkSpan;

/** Reads the result of READ, RFC 1813 section 3.3.6, whose data may have a buffer of its own. */
final class ReadResults<T> implements BulkResults<T> {
  private static final int FLAG = 4;
  private static final int BEHIND_FLAG = 8;

  /** Count, end-of-file flag and the length of the data. */
  private static final int LENGTHS_BYTES = 12;

  private final Function<Read3.Result, T> onResult;

  ReadResults(Function<Read3.Result, T> onResult) {
    this.onResult = onResult;
  }

  @Override
  public BulkSpan bulkData(ByteBuf results, int resultBytes) {
    int arrivedBytes = results.readableBytes();
    if (arrivedBytes < BEHIND_FLAG) {
      return BulkSpan.UNKNOWN;
    }
    int status = results.getInt(0);
    int hasAttributes = results.getInt(FLAG);
    if (status != Nfs3Status.OK.code() || (hasAttributes & ~1) != 0) {
      return BulkSpan.NONE;
    }
    int lengthsAt = BEHIND_FLAG + hasAttributes * (Fattr3.POST_OP_SIZE_BYTES - FLAG);
    int dataAt = lengthsAt + LENGTHS_BYTES;
    if (arrivedBytes < dataAt) {
      return BulkSpan.UNKNOWN;
    }
    int lengthBytes = results.getInt(dataAt - Integer.BYTES);
    return BulkSpan.ofLength(
        dataAt, lengthBytes, Math.min(Nfs3.MAX_TRANSFER_BYTES, resultBytes - dataAt));
  }

  @Override
  public T apply(ByteBuf in) {
    return onResult.apply(Read3.Result.decode(in));
  }

  @Override
  public T apply(ByteBuf in, ByteBuf data) {
    Read3.Result result = Read3.Result.decode(in);
    return onResult.apply(
        result instanceof Read3.Ok ok
            ? new Read3.Ok(ok.attributes(), ok.countBytes(), ok.endOfFile(), data)
            : result);
  }
}
