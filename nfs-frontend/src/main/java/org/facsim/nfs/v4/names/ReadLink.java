/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;

/** READLINK. */
final class ReadLink implements Operation4 {
  @Override
  public int number() {
    return Op4.READLINK;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Inode link = compound.file(Nfs4Status.INVAL);
    if (link.attributes().type() != FileType.SYMBOLIC_LINK) {
      return compound.minorVersion() == 0 ? Nfs4Status.INVAL : Nfs4Status.WRONG_TYPE;
    }
    Xdr.writeOpaque(out, link.volume().names().readLink(compound.caller(), link));
    return Nfs4Status.OK;
  }
}
