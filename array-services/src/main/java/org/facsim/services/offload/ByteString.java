/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Bytes as a value: a handle, or a path or name, which on a file system are bytes and not
 * characters. Immutable.
 *
 * <p>{@code Opaque} of {@code protocol} is the same idea on the other side of the wall: the floor
 * must see no wire and the wire no other module, and a module below both for one small class would
 * cost more than the second class.
 */
public final class ByteString {
  private final byte[] bytes;

  private ByteString(byte[] bytes) {
    this.bytes = bytes;
  }

  public static ByteString of(byte[] bytes) {
    return new ByteString(bytes.clone());
  }

  /** The remaining bytes of a buffer, whose position stays. */
  public static ByteString of(ByteBuffer source) {
    byte[] bytes = new byte[source.remaining()];
    source.get(source.position(), bytes);
    return new ByteString(bytes);
  }

  /** The UTF-8 form of a text. */
  public static ByteString of(String text) {
    return new ByteString(text.getBytes(UTF_8));
  }

  public int lengthBytes() {
    return bytes.length;
  }

  /** The byte at an index from 0. */
  byte at(int index) {
    return bytes[index];
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  /** The bytes from an index to before another one. */
  byte[] slice(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  /** A read-only view of the bytes. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** Appends the bytes at a buffer's position. */
  public void putInto(ByteBuffer target) {
    target.put(bytes);
  }

  /** The bytes read as UTF-8; malformed bytes are replaced. */
  public String toText() {
    return new String(bytes, UTF_8);
  }

  /** Returns this if it has at most the given number of bytes. */
  ByteString atMost(int maxBytes, String what) {
    if (bytes.length > maxBytes) {
      throw new IllegalArgumentException(
          what + " of " + bytes.length + " bytes, at most " + maxBytes);
    }
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteString that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** Hexadecimal, two digits a byte. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
