/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.xattr;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;

/** GETXATTR, RFC 8276 section 8.4.1. */
final class GetXattr implements Operation4 {
  @Override
  public int number() {
    return Op4.GETXATTR;
  }

  @Override
  public int firstMinorVersion() {
    return 2;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    String name = Xattrs.readName(in);
    Inode inode = Xattrs.requireBearer(compound.file(Nfs4Status.NOXATTR));
    Xdr.writeOpaque(
        out, inode.volume().attributes().extendedAttribute(compound.caller(), inode, name));
    return Nfs4Status.OK;
  }
}
