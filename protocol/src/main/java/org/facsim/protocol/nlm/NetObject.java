/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;
import org.facsim.protocol.xdr.Xdr;

/** {@code netobj}: bytes that mean something to their sender only. Immutable; equal by contents. */
public final class NetObject {
  /** {@code MAXNETOBJ_SZ}. */
  public static final int MAX_BYTES = 1024;

  private final byte[] bytes;

  private NetObject(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Copies the bytes.
   *
   * @throws IllegalArgumentException if there are more than {@value #MAX_BYTES}
   */
  public static NetObject of(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(bytes.length + " bytes, at most " + MAX_BYTES);
    }
    return new NetObject(bytes.clone());
  }

  public static NetObject decode(ByteBuf in) {
    return new NetObject(Xdr.readOpaque(in, MAX_BYTES));
  }

  public void encode(ByteBuf out) {
    Xdr.writeOpaque(out, bytes);
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  public int lengthBytes() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NetObject object && Arrays.equals(bytes, object.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** In hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes);
  }
}
