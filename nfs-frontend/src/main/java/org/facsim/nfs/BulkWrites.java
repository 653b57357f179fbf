/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import java.nio.ByteBuffer;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.WriteRoom;
import org.facsim.protocol.rpc.BulkRoom;
import org.facsim.protocol.rpc.BulkSpan;
import org.facsim.protocol.rpc.RpcCall;

/**
 * Lets the data of large WRITEs be received where the array keeps it. The place is found before
 * anything is known of the caller's rights; a WRITE that is refused gives it back.
 */
public final class BulkWrites {
  private BulkWrites() {}

  /**
   * Where the data of a WRITE lies, if the array may take it as it is: whole blocks at a block's
   * offset.
   *
   * @param index where in the arguments the data begins
   * @param lengthBytes of the data, unsigned 32 bits; its sign does not matter
   */
  public static BulkSpan span(int index, long offsetBytes, int lengthBytes) {
    boolean isBulk =
        lengthBytes >= WriteRoom.MIN_BYTES
            && lengthBytes <= Volume.MAX_TRANSFER_BYTES
            && lengthBytes % Volume.BLOCK_BYTES == 0
            && offsetBytes >= 0
            && offsetBytes % Volume.BLOCK_BYTES == 0;
    return isBulk ? new BulkSpan(index, lengthBytes) : BulkSpan.NONE;
  }

  /** Room for such data; null if the array has none. */
  public static BulkRoom room(StorageArray array, int lengthBytes) {
    WriteRoom room = array.room(lengthBytes);
    return room == null ? null : new ArrayRoom(room);
  }

  /**
   * The room that data was received into which ends where the arguments are being read.
   *
   * @param lengthBytes of the data
   * @return null if it lies with the other arguments
   */
  public static WriteRoom roomOf(RpcCall call, int lengthBytes) {
    if (lengthBytes < WriteRoom.MIN_BYTES) {
      return null;
    }
    int index = call.arguments().readerIndex() - lengthBytes; // whole blocks have no padding
    return call.roomOf(index, lengthBytes) instanceof ArrayRoom mine ? mine.room() : null;
  }

  private record ArrayRoom(WriteRoom room) implements BulkRoom {
    @Override
    public ByteBuffer memory() {
      return room.memory();
    }

    @Override
    public void close() {
      room.close();
    }
  }
}
