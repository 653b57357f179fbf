/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.mount;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.xdr.Xdr;

/**
 * The result of MNT in versions 1 and 2, RFC 1094 section A.4.2.
 *
 * @param status a UNIX error number, unsigned 32 bits; 0 for success
 * @param handle of exactly {@value #HANDLE_BYTES} bytes; null unless the status is 0
 */
public record Mnt1(long status, Nfs3Handle handle) {
  /** Handles of the old versions always have this size. */
  public static final int HANDLE_BYTES = 32;

  public Mnt1 {
    if ((status == 0) != (handle != null)) {
      throw new IllegalArgumentException("status " + status + " with handle " + handle);
    }
    if (handle != null && handle.lengthBytes() != HANDLE_BYTES) {
      throw new IllegalArgumentException(
          "handle of " + handle.lengthBytes() + " bytes, exactly " + HANDLE_BYTES);
    }
  }

  public static Mnt1 decode(ByteBuf in) {
    long status = Xdr.readUnsignedInt(in);
    return new Mnt1(
        status, status == 0 ? Nfs3Handle.of(Xdr.readFixedOpaque(in, HANDLE_BYTES)) : null);
  }

  public void encode(ByteBuf out) {
    out.writeInt((int) status);
    if (handle != null) {
      Xdr.writeFixedOpaque(out, handle.toBytes());
    }
  }
}
