/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The {@code .vmsn} of a snapshot: the VM's configuration of that moment, as a group of tags. All
 * numbers are little-endian. As far as the format is publicly known:
 *
 * <pre>
 *   0    magic 0xbed2bed2, version 8, number of groups (4 bytes each)
 *   12   a group: name (64 bytes, filled with zeros), place of its tags (8 bytes), 8 zero bytes
 *   ...  a tag: flags (1 byte; 0x3f: the data is preceded by its length), length of the name
 *        (1 byte), name, length of the data twice (8 bytes each), padding length (2 bytes), data
 *   ...  two zero bytes end the group
 * </pre>
 *
 * <p>The group {@code Snapshot} has the tag {@code cfgFile}, which is the text of the {@code .vmx}.
 */
final class VmsnFile {
  private static final int MAGIC = 0xbed2bed2;
  private static final int VERSION = 8;
  private static final int HEADER_BYTES = 12;
  private static final int GROUP_NAME_BYTES = 64;
  private static final int GROUP_BYTES = GROUP_NAME_BYTES + 16;
  private static final int LENGTH_PRECEDES = 0x3f;
  private static final byte[] GROUP = "Snapshot".getBytes(US_ASCII);
  private static final byte[] TAG = "cfgFile".getBytes(US_ASCII);

  private VmsnFile() {}

  static byte[] encode(String vmxText) {
    byte[] text = vmxText.getBytes(UTF_8);
    int tagStart = HEADER_BYTES + GROUP_BYTES;
    int tagBytes = 2 + TAG.length + 8 + 8 + 2 + text.length;
    ByteBuffer out = ByteBuffer.allocate(tagStart + tagBytes + 2).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(MAGIC).putInt(VERSION).putInt(1);
    out.put(Arrays.copyOf(GROUP, GROUP_NAME_BYTES)).putLong(tagStart).putLong(0);
    out.put((byte) LENGTH_PRECEDES).put((byte) TAG.length).put(TAG);
    out.putLong(text.length).putLong(text.length).putShort((short) 0).put(text);
    out.putShort((short) 0);
    return out.array();
  }

  /**
   * The text of the {@code .vmx} in it.
   *
   * @throws IllegalArgumentException if it is no such file
   */
  static VmDictionary configuration(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int tagStart = HEADER_BYTES + GROUP_BYTES;
    int dataStart = tagStart + 2 + TAG.length + 8 + 8 + 2;
    if (bytes.length < dataStart || in.getInt() != MAGIC || in.getInt() != VERSION) {
      throw new IllegalArgumentException(
          "no snapshot state; allowed: magic %08x, version %d".formatted(MAGIC, VERSION));
    }
    in.position(tagStart + 2);
    byte[] tag = new byte[TAG.length];
    in.get(tag);
    long length = in.getLong();
    if (!Arrays.equals(tag, TAG) || length < 0 || length > bytes.length - dataStart) {
      throw new IllegalArgumentException("no snapshot state: the tag cfgFile is missing");
    }
    return VmDictionary.decode(Arrays.copyOfRange(bytes, dataStart, dataStart + (int) length));
  }
}
