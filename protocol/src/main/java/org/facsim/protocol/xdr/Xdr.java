/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.xdr;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;

/**
 * XDR, RFC 4506, on Netty buffers. Unsigned values are returned widened. Every length is checked
 * against its bound and against the bytes in the buffer before anything is allocated. Every read
 * past the end throws an {@link XdrException}.
 */
public final class Xdr {
  private Xdr() {}

  /** The bytes of padding that follow {@code lengthBytes} bytes of opaque data: 0 to 3. */
  public static int paddingBytes(int lengthBytes) {
    return -lengthBytes & 3;
  }

  /**
   * Two consecutive 32-bit integers as one word. Every access to a buffer is checked, so the
   * hottest encoders halve the checks this way.
   */
  public static long twoInts(int first, int second) {
    return ((long) first << Integer.SIZE) | (second & 0xffff_ffffL);
  }

  /** A signed 32-bit integer. */
  public static int readInt(ByteBuf in) {
    require(in, 4);
    return in.readInt();
  }

  /** An unsigned 32-bit integer, widened. */
  public static long readUnsignedInt(ByteBuf in) {
    require(in, 4);
    return in.readUnsignedInt();
  }

  /** A 64-bit integer; an unsigned one keeps its bits. */
  public static long readLong(ByteBuf in) {
    require(in, 8);
    return in.readLong();
  }

  /**
   * An unsigned 64-bit integer that must fit a signed one, such as a file offset.
   *
   * @return 0 or more; a larger value comes back as {@link Long#MAX_VALUE}
   */
  public static long readUnsignedLongSaturated(ByteBuf in) {
    long value = readLong(in);
    return value < 0 ? Long.MAX_VALUE : value;
  }

  /** A boolean: 0 or 1; anything else is malformed. */
  public static boolean readBoolean(ByteBuf in) {
    int value = readInt(in);
    if (value != 0 && value != 1) {
      throw new XdrException("boolean of value " + value);
    }
    return value == 1;
  }

  /** The length of a variable-length item, 0 to {@code maxLength}. */
  public static int readLength(ByteBuf in, int maxLength) {
    long length = readUnsignedInt(in);
    if (length > maxLength) {
      throw new XdrException("length " + length + ", at most " + maxLength);
    }
    return (int) length;
  }

  /** Variable-length opaque data of at most {@code maxBytes}, copied. */
  public static byte[] readOpaque(ByteBuf in, int maxBytes) {
    return readFixedOpaque(in, readLength(in, maxBytes));
  }

  /** Fixed-length opaque data, copied. */
  public static byte[] readFixedOpaque(ByteBuf in, int lengthBytes) {
    require(in, lengthBytes + paddingBytes(lengthBytes));
    byte[] bytes = new byte[lengthBytes];
    in.readBytes(bytes);
    in.skipBytes(paddingBytes(lengthBytes));
    return bytes;
  }

  /**
   * Variable-length opaque data of at most {@code maxBytes}, as a slice that shares the buffer and
   * its reference count.
   */
  public static ByteBuf readOpaqueSlice(ByteBuf in, int maxBytes) {
    int length = readLength(in, maxBytes);
    require(in, length + paddingBytes(length));
    ByteBuf slice = in.readSlice(length);
    in.skipBytes(paddingBytes(length));
    return slice;
  }

  /** A string of at most {@code maxBytes} bytes, read as UTF-8. */
  public static String readString(ByteBuf in, int maxBytes) {
    return new String(readOpaque(in, maxBytes), UTF_8);
  }

  public static void writeBoolean(ByteBuf out, boolean value) {
    out.writeInt(value ? 1 : 0);
  }

  /** Variable-length opaque data. */
  public static void writeOpaque(ByteBuf out, byte[] bytes) {
    out.writeInt(bytes.length);
    writeFixedOpaque(out, bytes);
  }

  /** Fixed-length opaque data. */
  public static void writeFixedOpaque(ByteBuf out, byte[] bytes) {
    out.writeBytes(bytes);
    out.writeZero(paddingBytes(bytes.length));
  }

  public static void writeString(ByteBuf out, String text) {
    writeOpaque(out, text.getBytes(UTF_8));
  }

  private static void require(ByteBuf in, int bytes) {
    if (bytes < 0 || in.readableBytes() < bytes) {
      throw new XdrException("needs " + bytes + " bytes, " + in.readableBytes() + " left");
    }
  }
}
