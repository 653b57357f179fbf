/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * The attributes of an object, RFC 1813 section 2.5.1: {@code fattr3}.
 *
 * @param type what it is
 * @param mode permission bits, 0 to 07777; a server may send more
 * @param linkCount names that lead here, 0 to 2^32-1
 * @param uid owner, 0 to 2^32-1
 * @param gid group, 0 to 2^32-1
 * @param sizeBytes logical size
 * @param usedBytes space in use
 * @param deviceMajor for device files, 0 to 2^32-1
 * @param deviceMinor for device files, 0 to 2^32-1
 * @param fileSystemId unsigned
 * @param fileId unsigned
 * @param accessTimeNanos since 1970
 * @param modifyTimeNanos since 1970
 * @param changeTimeNanos since 1970
 */
public record Fattr3(
    FileType3 type,
    int mode,
    long linkCount,
    long uid,
    long gid,
    long sizeBytes,
    long usedBytes,
    long deviceMajor,
    long deviceMinor,
    long fileSystemId,
    long fileId,
    long accessTimeNanos,
    long modifyTimeNanos,
    long changeTimeNanos) {
  /** The encoded size. */
  public static final int SIZE_BYTES = 84;

  /** The encoded size of {@code post_op_attr} with attributes. */
  public static final int POST_OP_SIZE_BYTES = 4 + SIZE_BYTES;

  public static Fattr3 decode(ByteBuf in) {
    if (in.readableBytes() < SIZE_BYTES) {
      throw new XdrException("fattr3 of 84 bytes, " + in.readableBytes() + " left");
    }
    return new Fattr3(
        FileType3.decode(in),
        in.readInt(),
        in.readUnsignedInt(),
        in.readUnsignedInt(),
        in.readUnsignedInt(),
        Xdr.readUnsignedLongSaturated(in),
        Xdr.readUnsignedLongSaturated(in),
        in.readUnsignedInt(),
        in.readUnsignedInt(),
        in.readLong(),
        in.readLong(),
        Time3.decode(in),
        Time3.decode(in),
        Time3.decode(in));
  }

  public void encode(ByteBuf out) {
    out.ensureWritable(SIZE_BYTES);
    out.writeLong(Xdr.twoInts(type.code(), mode));
    out.writeLong(Xdr.twoInts((int) linkCount, (int) uid));
    out.writeInt((int) gid);
    out.writeLong(sizeBytes);
    out.writeLong(usedBytes);
    out.writeLong(Xdr.twoInts((int) deviceMajor, (int) deviceMinor));
    out.writeLong(fileSystemId);
    out.writeLong(fileId);
    out.writeLong(Time3.toWire(accessTimeNanos));
    out.writeLong(Time3.toWire(modifyTimeNanos));
    out.writeLong(Time3.toWire(changeTimeNanos));
  }

  /** Appends {@code post_op_attr}. */
  public static void encodePostOp(ByteBuf out, Fattr3 attributesOrNull) {
    Xdr.writeBoolean(out, attributesOrNull != null);
    if (attributesOrNull != null) {
      attributesOrNull.encode(out);
    }
  }

  /** Reads {@code post_op_attr}; null if there are none. */
  public static Fattr3 decodePostOp(ByteBuf in) {
    return Xdr.readBoolean(in) ? decode(in) : null;
  }
}
