/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.protocol.nfs4.Nfs4;

/** The flavours that SECINFO lists. */
@FunctionalInterface
public interface SecurityFlavours {
  /** AUTH_SYS alone. */
  SecurityFlavours SYS =
      (compound, out) -> {
        out.writeInt(1);
        out.writeInt(Nfs4.AUTH_SYS);
      };

  /** Appends {@code SECINFO4resok}: how many there are, then each one. */
  void write(Compound compound, ByteBuf out);
}
