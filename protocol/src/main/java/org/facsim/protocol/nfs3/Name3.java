/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.facsim.protocol.xdr.Xdr;

/**
 * A {@code filename3} or {@code nfspath3}: bytes that are usually UTF-8.
 *
 * <p>The protocol sets no bound, so names up to {@value #MAX_BYTES} bytes are decoded. That is
 * longer than any file system accepts, so that the server answers NAMETOOLONG, not GARBAGE_ARGS.
 */
public final class Name3 {
  /** The longest name or path that is decoded. */
  public static final int MAX_BYTES = 8192;

  private final byte[] bytes;

  private Name3(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Takes over the array; the caller must not change it afterwards. */
  public static Name3 ofBytes(byte[] bytes) {
    return new Name3(bytes);
  }

  /** The UTF-8 form of a string. */
  public static Name3 of(String text) {
    return new Name3(text.getBytes(UTF_8));
  }

  public static Name3 decode(ByteBuf in) {
    return new Name3(Xdr.readOpaque(in, MAX_BYTES));
  }

  public void encode(ByteBuf out) {
    Xdr.writeOpaque(out, bytes);
  }

  public int lengthBytes() {
    return bytes.length;
  }

  /** The bytes themselves, not a copy: the reader must not change them. */
  public byte[] bytes() {
    return bytes;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Name3 name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** The bytes read as UTF-8. */
  @Override
  public String toString() {
    return new String(bytes, UTF_8);
  }
}
