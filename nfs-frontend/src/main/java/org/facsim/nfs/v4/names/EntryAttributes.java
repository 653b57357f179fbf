/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.array.ArrayException;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Errors4;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Bitmap4;

/** Attributes of entries in a listing, where they differ from those of GETATTR. */
final class EntryAttributes {
  private static final Bitmap4 ERROR = Bitmap4.of(Attr4.RDATTR_ERROR);

  private EntryAttributes() {}

  /**
   * Says in the entry why it has no attributes, if the client wants to know it there.
   *
   * @throws ArrayException the one given, if the client does not: then the listing fails
   */
  static void writeError(Compound compound, Bitmap4 wanted, ArrayException why, ByteBuf out) {
    if (!wanted.has(Attr4.RDATTR_ERROR)) {
      throw why;
    }
    ERROR.write(out);
    out.writeInt(Integer.BYTES);
    out.writeInt(Errors4.statusOf(why.error(), compound.minorVersion()).code());
  }
}
