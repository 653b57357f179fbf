/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import com.google.common.base.Utf8;
import io.netty.buffer.ByteBuf;
import org.facsim.array.Name;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.xdr.Xdr;

/** Reads names of directory entries, RFC 8881 section 14 and RFC 7530 section 12.7. */
public final class Names4 {
  private Names4() {}

  /**
   * A {@code component4}.
   *
   * @throws Nfs4Exception INVAL (empty, or not UTF-8), NAMETOOLONG, BADCHAR (a slash or NUL),
   *     BADNAME (one or two dots, which are no names in NFSv4)
   */
  public static Name read(ByteBuf in) {
    byte[] bytes = Xdr.readOpaque(in, Integer.MAX_VALUE);
    if (bytes.length == 0) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "an empty name");
    }
    if (bytes.length > Name.MAX_BYTES) {
      throw new Nfs4Exception(
          Nfs4Status.NAMETOOLONG, bytes.length + " bytes, at most " + Name.MAX_BYTES);
    }
    if (!Utf8.isWellFormed(bytes)) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "a name that is not UTF-8");
    }
    for (byte b : bytes) {
      if (b == '/' || b == 0) {
        throw new Nfs4Exception(Nfs4Status.BADCHAR, "a slash or NUL in a name");
      }
    }
    Name name = Name.ofStored(bytes);
    if (name.isDot() || name.isDotDot()) {
      throw new Nfs4Exception(Nfs4Status.BADNAME, "dots are no name");
    }
    return name;
  }
}
