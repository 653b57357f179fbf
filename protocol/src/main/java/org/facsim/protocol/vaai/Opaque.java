/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.facsim.protocol.xdr.Xdr;

/**
 * Bytes as an immutable value: a handle, or a path or name, which are bytes and not characters on a
 * file system.
 */
public final class Opaque {
  /** No bytes. */
  public static final Opaque EMPTY = new Opaque(new byte[0]);

  private final byte[] bytes;

  private Opaque(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Opaque of(byte[] bytes) {
    return new Opaque(bytes.clone());
  }

  /** The UTF-8 form of a string. */
  public static Opaque of(String text) {
    return new Opaque(text.getBytes(UTF_8));
  }

  public int lengthBytes() {
    return bytes.length;
  }

  public boolean isEmpty() {
    return bytes.length == 0;
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  /** A read-only view of the bytes. */
  public ByteBuffer asByteBuffer() {
    return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
  }

  /** The bytes read as UTF-8, malformed ones replaced. */
  public String toText() {
    return new String(bytes, UTF_8);
  }

  void encode(ByteBuf out) {
    Xdr.writeOpaque(out, bytes);
  }

  static Opaque decode(ByteBuf in, int maxBytes) {
    return new Opaque(Xdr.readOpaque(in, maxBytes));
  }

  /** Returns this, if it is not longer than the bound. */
  Opaque atMost(int maxBytes, String what) {
    if (bytes.length > maxBytes) {
      throw new IllegalArgumentException(
          what + " of " + bytes.length + " bytes, at most " + maxBytes);
    }
    return this;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Opaque opaque && Arrays.equals(bytes, opaque.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
