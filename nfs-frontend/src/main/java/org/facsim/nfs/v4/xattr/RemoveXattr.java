/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.xattr;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;

/** REMOVEXATTR, RFC 8276 section 8.4.4. */
final class RemoveXattr implements Operation4 {
  @Override
  public int number() {
    return Op4.REMOVEXATTR;
  }

  @Override
  public int firstMinorVersion() {
    return 2;
  }

  @Override
  public int changeResultBytes() {
    return Xattrs.CHANGE_INFO_BYTES;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    String name = Xattrs.readName(in);
    Inode inode = Xattrs.requireBearer(compound.fileToChange(Nfs4Status.ROFS));
    Mutation mutation =
        inode.volume().attributes().removeExtendedAttribute(compound.caller(), inode, name);
    compound.dependsOn(mutation);
    Xattrs.writeChangeInfo(out, mutation);
    return Nfs4Status.OK;
  }
}
