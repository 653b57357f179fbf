/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import io.netty.buffer.ByteBuf;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;

/**
 * ACCESS: what mode bits, lists and the export allow. A bit that has no meaning for the type of the
 * object is not supported there.
 */
final class Access implements Operation4 {
  private static final int CHANGES = Nfs4.ACCESS_MODIFY | Nfs4.ACCESS_EXTEND | Nfs4.ACCESS_DELETE;
  private static final int BASIC =
      CHANGES | Nfs4.ACCESS_READ | Nfs4.ACCESS_LOOKUP | Nfs4.ACCESS_EXECUTE;
  private static final int OF_DIRECTORIES = BASIC & ~Nfs4.ACCESS_EXECUTE;
  private static final int OF_OTHERS = BASIC & ~Nfs4.ACCESS_LOOKUP & ~Nfs4.ACCESS_DELETE;
  private static final int OF_XATTRS =
      Nfs4.ACCESS_XATTR_READ | Nfs4.ACCESS_XATTR_WRITE | Nfs4.ACCESS_XATTR_LIST;

  @Override
  public int number() {
    return Op4.ACCESS;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    int wanted = Xdr.readInt(in);
    int known = compound.minorVersion() < 2 ? BASIC : BASIC | OF_XATTRS;
    if ((wanted & ~known) != 0 && compound.hasHandle()) {
      return Nfs4Status.INVAL;
    }
    int supported;
    int granted;
    if (compound.isAtPseudoRoot()) {
      supported = wanted & OF_DIRECTORIES;
      granted = wanted & (Nfs4.ACCESS_READ | Nfs4.ACCESS_LOOKUP);
    } else {
      Inode inode = compound.file(Nfs4Status.SERVERFAULT);
      FileType type = inode.attributes().type();
      supported = wanted & (type == FileType.DIRECTORY ? OF_DIRECTORIES : OF_OTHERS);
      granted = basic(compound, inode, supported);
      if (type == FileType.REGULAR || type == FileType.DIRECTORY) {
        supported |= wanted & OF_XATTRS;
        granted |= ofExtendedAttributes(compound, inode, wanted & OF_XATTRS);
      }
    }
    out.writeInt(supported);
    out.writeInt(granted);
    return Nfs4Status.OK;
  }

  private static int basic(Compound compound, Inode inode, int wanted) {
    int granted = inode.volume().attributes().access(compound.caller(), inode, wanted);
    return compound.terms().readOnly() ? granted & ~CHANGES : granted;
  }

  /** RFC 8276: extended attributes follow the rights to read and to modify. */
  private static int ofExtendedAttributes(Compound compound, Inode inode, int wanted) {
    if (wanted == 0) {
      return 0;
    }
    int basic = basic(compound, inode, Nfs4.ACCESS_READ | Nfs4.ACCESS_MODIFY);
    int granted = 0;
    if ((basic & Nfs4.ACCESS_READ) != 0) {
      granted |= Nfs4.ACCESS_XATTR_READ | Nfs4.ACCESS_XATTR_LIST;
    }
    if ((basic & Nfs4.ACCESS_MODIFY) != 0) {
      granted |= Nfs4.ACCESS_XATTR_WRITE;
    }
    return granted & wanted;
  }
}
