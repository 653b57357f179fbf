/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Writes blocks of pcapng (draft-ietf-opsawg-pcapng): one section with one interface of raw IP
 * packets, and packets with nanoseconds, the length that they had, and a comment.
 */
final class PcapngWriter {
  private static final int SECTION_HEADER = 0x0A0D_0D0A;
  private static final int BYTE_ORDER = 0x1A2B_3C4D;
  private static final int INTERFACE = 1;
  private static final int ENHANCED_PACKET = 6;
  private static final int STATISTICS = 5;

  /** LINKTYPE_RAW: an IPv4 or IPv6 packet, by its first half byte. */
  private static final short RAW_IP = 101;

  private static final short END_OF_OPTIONS = 0;
  private static final short COMMENT = 1;
  private static final short APPLICATION = 4;
  private static final short NAME = 2;
  private static final short DESCRIPTION = 3;
  private static final short RESOLUTION = 9;
  private static final byte NANOSECONDS = 9;

  /** The longest comment. */
  private static final int MAX_COMMENT_BYTES = 2048;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The section and its interface. */
  void begin() {
    ByteArrayOutputStream options = new ByteArrayOutputStream();
    option(options, APPLICATION, "Facsim".getBytes(UTF_8));
    block(
        SECTION_HEADER,
        little(16).putInt(BYTE_ORDER).putShort((short) 1).putShort((short) 0).putLong(-1),
        new byte[0],
        options);
    options = new ByteArrayOutputStream();
    option(options, NAME, "facsim".getBytes(UTF_8));
    option(
        options,
        DESCRIPTION,
        "calls of the journal; packets made of the first bytes of records".getBytes(UTF_8));
    option(options, RESOLUTION, new byte[] {NANOSECONDS});
    block(
        INTERFACE, little(8).putShort(RAW_IP).putShort((short) 0).putInt(0), new byte[0], options);
  }

  /**
   * A packet.
   *
   * @param kept its first bytes
   * @param lengthBytes that it had
   * @param comment empty for none
   */
  void packet(long nanosSince1970, byte[] kept, long lengthBytes, String comment) {
    ByteArrayOutputStream options = new ByteArrayOutputStream();
    if (!comment.isEmpty()) {
      byte[] text = comment.getBytes(UTF_8);
      option(
          options,
          COMMENT,
          text.length <= MAX_COMMENT_BYTES
              ? text
              : java.util.Arrays.copyOf(text, MAX_COMMENT_BYTES));
    }
    block(
        ENHANCED_PACKET,
        little(20)
            .putInt(0)
            .putInt((int) (nanosSince1970 >>> Integer.SIZE))
            .putInt((int) nanosSince1970)
            .putInt(kept.length)
            .putInt((int) lengthBytes),
        kept,
        options);
  }

  /**
   * A word about the whole file, in the statistics of its interface, which stand last.
   *
   * @param nanosSince1970 when it was said
   */
  void remark(long nanosSince1970, String comment) {
    ByteArrayOutputStream options = new ByteArrayOutputStream();
    option(options, COMMENT, comment.getBytes(UTF_8));
    block(
        STATISTICS,
        little(12)
            .putInt(0)
            .putInt((int) (nanosSince1970 >>> Integer.SIZE))
            .putInt((int) nanosSince1970),
        new byte[0],
        options);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static void option(ByteArrayOutputStream options, short code, byte[] value) {
    options.writeBytes(little(4).putShort(code).putShort((short) value.length).array());
    options.writeBytes(value);
    pad(options, value.length);
  }

  private static void pad(ByteArrayOutputStream padded, int length) {
    padded.writeBytes(new byte[-length & 3]);
  }

  private void block(int type, ByteBuffer head, byte[] data, ByteArrayOutputStream options) {
    if (options.size() > 0) {
      options.writeBytes(little(4).putShort(END_OF_OPTIONS).putShort((short) 0).array());
    }
    int length = 12 + head.capacity() + data.length + (-data.length & 3) + options.size();
    out.writeBytes(little(8).putInt(type).putInt(length).array());
    byte[] headBytes = new byte[head.capacity()];
    head.get(0, headBytes);
    out.writeBytes(headBytes);
    out.writeBytes(data);
    pad(out, data.length);
    out.writeBytes(options.toByteArray());
    out.writeBytes(little(4).putInt(length).array());
  }

  /** Bytes that wait to be taken. */
  int size() {
    return out.size();
  }

  /** Takes what is written so far. */
  byte[] take() {
    byte[] taken = out.toByteArray();
    out.reset();
    return taken;
  }
}
