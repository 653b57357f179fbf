/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.facsim.array.FileAttributes;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.xdr.Xdr;

/**
 * The attributes that a kernel asks for with nearly every call: those that an inode has. Sets of
 * them are written in one go, without a question for each number and without a look at the buffer
 * for each value.
 */
final class OfInode {
  /** Those that can be written here. */
  static final Bitmap4 ATTRIBUTES =
      Bitmap4.of(
          Attr4.TYPE,
          Attr4.CHANGE,
          Attr4.SIZE,
          Attr4.FSID,
          Attr4.FILEID,
          Attr4.MODE,
          Attr4.NUMLINKS,
          Attr4.OWNER,
          Attr4.OWNER_GROUP,
          Attr4.RAWDEV,
          Attr4.SPACE_USED,
          Attr4.TIME_ACCESS,
          Attr4.TIME_METADATA,
          Attr4.TIME_MODIFY,
          Attr4.MOUNTED_ON_FILEID);

  /** All of them: three of one word, six of two, three of three, one of four, two owners. */
  private static final int MAX_BYTES =
      Integer.BYTES * (3 + 6 * 2 + 3 * 3 + 4) + 2 * Owners4.MAX_BYTES;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private OfInode() {}

  /**
   * Appends the values, in the order of their numbers.
   *
   * @param wanted as bits; only {@link #ATTRIBUTES}
   */
  static void encode(Subject subject, long wanted, ByteBuf out) {
    if (wanted == 0) {
      return;
    }
    out.ensureWritable(MAX_BYTES);
    int start = out.writerIndex();
    ByteBuffer to = out.internalNioBuffer(start, MAX_BYTES);
    int first = to.position();
    beforeOwners(subject.attributes(), wanted, to);
    owners(subject.attributes(), wanted, to);
    afterOwners(subject, wanted, to);
    out.writerIndex(start + to.position() - first);
  }

  private static void beforeOwners(FileAttributes of, long wanted, ByteBuffer to) {
    if (has(wanted, Attr4.TYPE)) {
      to.putInt(AttributeEncoder.typeOf(of.type()));
    }
    if (has(wanted, Attr4.CHANGE)) {
      to.putLong(of.changeCounter());
    }
    if (has(wanted, Attr4.SIZE)) {
      to.putLong(of.sizeBytes());
    }
    if (has(wanted, Attr4.FSID)) {
      to.putLong(of.volumeId()).putLong(0);
    }
    if (has(wanted, Attr4.FILEID)) {
      to.putLong(of.fileId());
    }
    if (has(wanted, Attr4.MODE)) {
      to.putInt(of.mode());
    }
    if (has(wanted, Attr4.NUMLINKS)) {
      to.putInt(of.linkCount());
    }
  }

  private static void owners(FileAttributes of, long wanted, ByteBuffer to) {
    if (has(wanted, Attr4.OWNER)) {
      Owners4.write(to, of.uid());
    }
    if (has(wanted, Attr4.OWNER_GROUP)) {
      Owners4.write(to, of.gid());
    }
  }

  private static void afterOwners(Subject subject, long wanted, ByteBuffer to) {
    FileAttributes of = subject.attributes();
    if (has(wanted, Attr4.RAWDEV)) {
      to.putLong(Xdr.twoInts(of.deviceMajor(), of.deviceMinor()));
    }
    if (has(wanted, Attr4.SPACE_USED)) {
      to.putLong(of.usedBytes());
    }
    if (has(wanted, Attr4.TIME_ACCESS)) {
      time(to, of.accessTimeNanos());
    }
    if (has(wanted, Attr4.TIME_METADATA)) {
      time(to, of.changeTimeNanos());
    }
    if (has(wanted, Attr4.TIME_MODIFY)) {
      time(to, of.modifyTimeNanos());
    }
    if (has(wanted, Attr4.MOUNTED_ON_FILEID)) {
      to.putLong(AttributeEncoder.mountedOn(subject));
    }
  }

  private static boolean has(long wanted, int attribute) {
    return (wanted >>> attribute & 1) != 0;
  }

  private static void time(ByteBuffer to, long nanos) {
    long seconds = Math.floorDiv(nanos, NANOS_PER_SECOND);
    to.putLong(seconds).putInt((int) (nanos - seconds * NANOS_PER_SECOND));
  }
}
