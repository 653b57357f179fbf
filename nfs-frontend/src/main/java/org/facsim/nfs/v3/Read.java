/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.facsim.array.Inode;
import org.facsim.array.PinnedRead;
import org.facsim.array.Volume;
import org.facsim.nfs.NioBuffers;
import org.facsim.nfs.PinnedData;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Result;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.nfs3.Read3;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.calls.Mistake;

/**
 * READ. The array copies the data once, directly into the reply buffer, behind the place of the
 * header; the header is written when the count is known. The data of a large read is not copied at
 * all: the reply carries the array's own memory, which is pinned until the reply is sent.
 */
final class Read implements Procedure3<Read3.Args> {
  /**
   * From this count on, it is first compared with the size of the file, so that no more is reserved
   * than needed.
   */
  private static final int LARGE_COUNT_BYTES = 16 << 10;

  /** From this count on, pinning and a gathering write of blocks are cheaper than a copy. */
  private static final int PINNED_COUNT_BYTES = 32 << 10;

  @Override
  public Read3.Args decode(ByteBuf in) {
    return Read3.Args.decode(in);
  }

  /** False: the data could not be appended to a reply that was put off. */
  @Override
  public boolean mayWait() {
    return false;
  }

  @Override
  public Nfs3Result perform(Nfs3Call call, Read3.Args args) {
    Inode file = call.objectToLookAt(args.handle());
    int countBytes = (int) Math.min(args.countBytes(), Nfs3.MAX_TRANSFER_BYTES);
    if (countBytes > LARGE_COUNT_BYTES) {
      long leftBytes = file.attributes().sizeBytes() - args.offsetBytes();
      countBytes = (int) Math.max(0, Math.min(countBytes, leftBytes));
    }
    return new DataOnItsWay(call, file, args.offsetBytes(), call.alteration().limited(countBytes));
  }

  @Override
  public Nfs3Result failure(Nfs3Call call, Nfs3Status status) {
    return new Read3.Fail(status, call.objectAttributes());
  }

  /** A success whose data is read when it is encoded. If the array refuses, nothing is appended. */
  private record DataOnItsWay(Nfs3Call call, Inode file, long offsetBytes, int countBytes)
      implements Nfs3Result {
    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      long startNanos = call.transferStartNanos();
      PinnedRead pinned =
          countBytes < PINNED_COUNT_BYTES || call.alteration().mistake() != null
              ? null
              : file.volume().files().pin(call.caller(), file, offsetBytes, countBytes);
      if (pinned == null) {
        copy(out, startNanos);
      } else {
        append(pinned, out, startNanos);
      }
    }

    private void append(PinnedRead pinned, ByteBuf out, long startNanos) {
      ByteBuf data = PinnedData.of(pinned);
      Volume.ReadResult read = pinned.result();
      int readBytes = read.countBytes();
      call.read(file, readBytes, startNanos);
      Read3.encodeOkHeader(out, call.attributes(read.attributes()), readBytes, read.endOfFile());
      call.appendData(data).writeZero(Xdr.paddingBytes(readBytes));
    }

    private void copy(ByteBuf out, long startNanos) {
      int start = out.writerIndex();
      int dataIndex = start + Read3.OK_HEADER_BYTES;
      out.ensureWritable(Read3.OK_HEADER_BYTES + countBytes + 3);
      ByteBuffer target = NioBuffers.of(out, dataIndex, countBytes);
      Volume.ReadResult read = file.volume().files().read(call.caller(), file, offsetBytes, target);
      int readBytes = read.countBytes();
      call.read(file, readBytes, startNanos);
      Mistake mistake = call.alteration().mistake();
      if (mistake != null) {
        mistake.corrupt(NioBuffers.of(out, dataIndex, readBytes));
      }
      Read3.encodeOkHeader(out, call.attributes(read.attributes()), readBytes, read.endOfFile());
      out.writerIndex(dataIndex + readBytes);
      out.writeZero(Xdr.paddingBytes(readBytes));
    }
  }
}
