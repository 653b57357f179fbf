/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.data;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.PinnedRead;
import org.facsim.array.Volume;
import org.facsim.nfs.NioBuffers;
import org.facsim.nfs.PinnedData;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.RegularFiles;
import org.facsim.nfs.v4.Stateids;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.calls.Mistake;
import org.facsim.services.state.Intent;

/**
 * READ. The array copies the data once, directly into the reply. The data of a large read is not
 * copied at all, if the reply takes it so: it carries the array's own memory, which is pinned until
 * the reply is sent.
 */
final class Read implements Operation4 {
  /** From this count on, it is first compared with the size of the file. */
  private static final int LARGE_COUNT_BYTES = 16 << 10;

  /** From this count on, pinning and a gathering write of blocks are cheaper than a copy. */
  private static final int PINNED_COUNT_BYTES = 32 << 10;

  /** Whether the end was reached, and the count. */
  private static final int HEADER_BYTES = 8;

  @Override
  public int number() {
    return Op4.READ;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Stateid4 stateid = compound.readStateid(in);
    long offsetBytes = Xdr.readUnsignedLongSaturated(in);
    long wantedBytes = Xdr.readUnsignedInt(in);
    Inode file = compound.file(Nfs4Status.ISDIR);
    RegularFiles.require(compound, file);
    Stateids.Use use = compound.checkStateid(stateid, file, Stateids.Access.READ);
    compound.recalled(file, Intent.LOOK, use.client());
    int countBytes = (int) Math.min(wantedBytes, Nfs4.MAX_TRANSFER_BYTES);
    if (countBytes > LARGE_COUNT_BYTES) {
      long leftBytes = file.attributes().sizeBytes() - offsetBytes;
      countBytes = (int) Math.max(0, Math.min(countBytes, leftBytes));
    }
    countBytes = compound.alteration().limited(countBytes);
    if (HEADER_BYTES + countBytes > compound.leftReplyBytes()) {
      return compound.tooLong(HEADER_BYTES + countBytes);
    }
    Caller caller = use.isOpened() ? Caller.ROOT : compound.caller();
    long startNanos = compound.transferStartNanos();
    PinnedRead pinned =
        countBytes < PINNED_COUNT_BYTES
                || !compound.takesPinnedData()
                || compound.alteration().mistake() != null
            ? null
            : file.volume().files().pin(caller, file, offsetBytes, countBytes);
    if (pinned == null) {
      int start = out.writerIndex();
      Volume.ReadResult read = copy(caller, file, offsetBytes, countBytes, out);
      compound.read(file, read.countBytes(), startNanos);
      finish(compound, start, read, out);
    } else {
      compound.read(file, pinned.result().countBytes(), startNanos);
      append(compound, pinned, out);
    }
    return Nfs4Status.OK;
  }

  private static void append(Compound compound, PinnedRead pinned, ByteBuf out) {
    ByteBuf data = PinnedData.of(pinned);
    Volume.ReadResult read = pinned.result();
    int readBytes = read.countBytes();
    out.writeLong(Xdr.twoInts(read.endOfFile() ? 1 : 0, readBytes));
    compound.appendData(data).writeZero(Xdr.paddingBytes(readBytes));
  }

  private static Volume.ReadResult copy(
      Caller caller, Inode file, long offsetBytes, int countBytes, ByteBuf out) {
    int start = out.writerIndex();
    int dataIndex = start + HEADER_BYTES;
    out.ensureWritable(HEADER_BYTES + countBytes + 3);
    ByteBuffer target = NioBuffers.of(out, dataIndex, countBytes);
    return file.volume().files().read(caller, file, offsetBytes, target);
  }

  private static void finish(Compound compound, int start, Volume.ReadResult read, ByteBuf out) {
    int dataIndex = start + HEADER_BYTES;
    int readBytes = read.countBytes();
    Mistake mistake = compound.alteration().mistake();
    if (mistake != null) {
      mistake.corrupt(NioBuffers.of(out, dataIndex, readBytes));
    }
    out.writeLong(Xdr.twoInts(read.endOfFile() ? 1 : 0, readBytes));
    out.writerIndex(dataIndex + readBytes);
    out.writeZero(Xdr.paddingBytes(readBytes));
  }
}
