/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.xattr;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Volume;
import org.facsim.array.Volume.AttributeMode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** SETXATTR, RFC 8276 section 8.4.2. */
final class SetXattr implements Operation4 {
  @Override
  public int number() {
    return Op4.SETXATTR;
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
    AttributeMode mode = modeOf(Xdr.readInt(in));
    String name = Xattrs.readName(in);
    byte[] value = readValue(in);
    Inode inode = Xattrs.requireBearer(compound.fileToChange(Nfs4Status.ROFS));
    Mutation mutation =
        inode
            .volume()
            .attributes()
            .setExtendedAttribute(compound.caller(), inode, name, value, mode);
    compound.dependsOn(mutation);
    Xattrs.writeChangeInfo(out, mutation);
    return Nfs4Status.OK;
  }

  private static byte[] readValue(ByteBuf in) {
    int lengthBytes = Xdr.readLength(in, in.readableBytes());
    if (lengthBytes > Volume.MAX_ATTRIBUTE_BYTES) {
      throw new Nfs4Exception(
          Nfs4Status.XATTR2BIG, lengthBytes + " bytes, at most " + Volume.MAX_ATTRIBUTE_BYTES);
    }
    return Xdr.readFixedOpaque(in, lengthBytes);
  }

  private static AttributeMode modeOf(int option) {
    return switch (option) {
      case 0 -> AttributeMode.EITHER;
      case 1 -> AttributeMode.CREATE;
      case 2 -> AttributeMode.REPLACE;
      default -> throw new XdrException("setxattr_option4 " + option + ", at most 2");
    };
  }
}
