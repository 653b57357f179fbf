/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.array.VolumeFiles;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.Stateids;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;

/**
 * READ_PLUS, RFC 7862 section 15.10: a READ that answers holes by their length. Each segment is
 * what the file was at one moment. As with any READ, two segments may be of different moments.
 */
final class ReadPlus implements Operation4 {
  /** The most segments of one answer; the client asks for the rest. */
  static final int MAX_SEGMENTS = 64;

  /** Kind, offset and length of a segment. */
  private static final int SEGMENT_BYTES = 4 + 8 + 4;

  private static final int HOLE_BYTES = 4 + 8 + 8;
  private static final int HEADER_BYTES = 8;

  @Override
  public int number() {
    return Op4.READ_PLUS;
  }

  @Override
  public int firstMinorVersion() {
    return 2;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Stateid4 stateid = compound.readStateid(in);
    long offset = Xdr.readLong(in);
    long wanted = Math.min(Xdr.readUnsignedInt(in), Nfs4.MAX_TRANSFER_BYTES);
    Inode file = Ranges.requireRegular(compound.fileToLookAt(Nfs4Status.WRONG_TYPE));
    var unused = compound.checkStateid(stateid, file, Stateids.Access.READ);
    int start = out.writerIndex();
    out.writeZero(HEADER_BYTES);
    long startNanos = compound.transferStartNanos();
    Answer answer = new Answer(file, compound.caller(), compound.leftReplyBytes(), out);
    boolean endOfFile = offset < 0 || answer.addAll(offset, wanted);
    out.setInt(start, endOfFile ? 1 : 0);
    out.setInt(start + Integer.BYTES, answer.segments);
    compound.read(file, answer.dataBytes, startNanos);
    return Nfs4Status.OK;
  }

  /** The segments of one answer. */
  private static final class Answer {
    private final Inode file;
    private final VolumeFiles files;
    private final Caller caller;
    private final ByteBuf out;
    private int leftBytes;
    private int segments;
    private int dataBytes;

    Answer(Inode file, Caller caller, int leftBytes, ByteBuf out) {
      this.file = file;
      files = file.volume().files();
      this.caller = caller;
      this.leftBytes = leftBytes;
      this.out = out;
    }

    /** Returns whether the last segment reaches the end of the file. */
    boolean addAll(long offset, long wanted) {
      long end = Math.min(offset + wanted, Long.MAX_VALUE - 1);
      long at = offset;
      boolean endOfFile;
      do {
        Volume.Seek data;
        try {
          data = files.seekData(caller, file, at);
        } catch (ArrayException e) {
          if (e.error() == ArrayError.BEYOND_END_OF_FILE) {
            return true;
          }
          throw e;
        }
        if (at >= end) {
          return false; // nothing was wanted
        }
        long hole = Math.min(data.offsetBytes(), end) - at;
        if (hole > 0) {
          addHole(at, hole);
          at += hole;
          endOfFile = data.endOfFile() && at >= data.offsetBytes();
        } else {
          Volume.ReadResult read = addData(at, end);
          at += read.countBytes();
          endOfFile = read.endOfFile();
          if (read.countBytes() == 0) {
            return endOfFile;
          }
        }
      } while (!endOfFile
          && at < end
          && segments < MAX_SEGMENTS
          && leftBytes > SEGMENT_BYTES + Volume.BLOCK_BYTES);
      return endOfFile;
    }

    private void addHole(long at, long lengthBytes) {
      out.writeInt(Seek.HOLE).writeLong(at).writeLong(lengthBytes);
      leftBytes -= HOLE_BYTES;
      segments++;
    }

    private Volume.ReadResult addData(long at, long end) {
      long hole = files.seekHole(caller, file, at).offsetBytes();
      long upTo = Math.min(Math.max(hole, at + 1), end);
      int room = Math.max(0, leftBytes - SEGMENT_BYTES - Integer.BYTES);
      int count = (int) Math.min(upTo - at, room);
      out.writeInt(Seek.DATA).writeLong(at);
      int lengthIndex = out.writerIndex();
      out.writeInt(0);
      out.ensureWritable(count + Integer.BYTES);
      int dataIndex = out.writerIndex();
      Volume.ReadResult read = files.read(caller, file, at, out.nioBuffer(dataIndex, count));
      int padding = Xdr.paddingBytes(read.countBytes());
      out.setInt(lengthIndex, read.countBytes());
      out.writerIndex(dataIndex + read.countBytes());
      out.writeZero(padding);
      leftBytes -= SEGMENT_BYTES + read.countBytes() + padding;
      dataBytes += read.countBytes();
      segments++;
      return read;
    }
  }
}
