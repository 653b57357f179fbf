/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.xattr;

import com.google.common.base.Utf8;
import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.array.Volume.ExtendedAttributePage;
import org.facsim.array.Volume.NamedAttribute;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Operation4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;

/**
 * LISTXATTRS, RFC 8276 section 8.4.3: names in the order of their cookies. The client says how many
 * bytes the results may have. If not even one name fits, that is TOOSMALL.
 */
final class ListXattrs implements Operation4 {
  /** Cookie, number of names, and whether these are all. */
  private static final int FIXED_BYTES = 8 + 4 + 4;

  @Override
  public int number() {
    return Op4.LISTXATTRS;
  }

  @Override
  public int firstMinorVersion() {
    return 2;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    long cookie = Xdr.readLong(in);
    long maxBytes = Math.min(Xdr.readUnsignedInt(in), compound.leftReplyBytes());
    Inode inode = Xattrs.requireBearer(compound.file(Nfs4Status.NOXATTR));
    ExtendedAttributePage page =
        inode
            .volume()
            .attributes()
            .listExtendedAttributes(compound.caller(), inode, cookie, Integer.MAX_VALUE);
    int start = out.writerIndex();
    out.writeLong(cookie).writeInt(0);
    long leftBytes = maxBytes - FIXED_BYTES;
    long last = cookie;
    int count = 0;
    for (NamedAttribute attribute : page.names()) {
      int nameBytes = Utf8.encodedLength(attribute.name());
      leftBytes -= Integer.BYTES + nameBytes + Xdr.paddingBytes(nameBytes);
      if (leftBytes < 0) {
        break;
      }
      Xdr.writeString(out, attribute.name());
      last = attribute.cookie();
      count++;
    }
    boolean isAll = count == page.names().size();
    if (maxBytes < FIXED_BYTES || (count == 0 && !isAll)) {
      return Nfs4Status.TOOSMALL;
    }
    out.setLong(start, last);
    out.setInt(start + Long.BYTES, count);
    Xdr.writeBoolean(out, isAll);
    return Nfs4Status.OK;
  }
}
