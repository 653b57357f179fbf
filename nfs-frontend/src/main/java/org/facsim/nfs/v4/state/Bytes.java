/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Utf8;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.HexFormat;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.xdr.Xdr;

/** Opaque bytes by which a client names itself or an owner. Compared by value, never changed. */
final class Bytes {
  private static final int FIRST_PRINTABLE = 0x20;
  private static final int MAX_SHOWN = 200;

  private final byte[] bytes;
  private final int hash;

  Bytes(byte[] bytes) {
    this.bytes = bytes;
    hash = Arrays.hashCode(bytes);
  }

  static Bytes read(ByteBuf in) {
    return new Bytes(Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES));
  }

  void write(ByteBuf out) {
    Xdr.writeOpaque(out, bytes);
  }

  int length() {
    return bytes.length;
  }

  byte[] copy() {
    return bytes.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /** The text, if it is one that can be printed, otherwise hexadecimal; shortened. */
  @Override
  public String toString() {
    boolean isText = Utf8.isWellFormed(bytes);
    for (byte each : bytes) {
      isText &= each < 0 || (each >= FIRST_PRINTABLE && each != 0x7f);
    }
    String shown = isText ? new String(bytes, UTF_8) : HexFormat.of().formatHex(bytes);
    return shown.length() <= MAX_SHOWN ? shown : shown.substring(0, MAX_SHOWN) + "...";
  }
}
