/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.acl;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Acl;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.attributes.ExtraAttribute;
import org.facsim.nfs.v4.attributes.Subject;
import org.facsim.protocol.nfs4.Attr4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code dacl}, RFC 8881 section 6.2.2: the same list, with flags about automatic inheritance,
 * which the array does not do.
 */
final class Dacl implements ExtraAttribute {
  @Override
  public int number() {
    return Attr4.DACL;
  }

  @Override
  public int firstMinorVersion() {
    return 1;
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public void encode(Compound compound, Subject subject, ByteBuf out) {
    out.writeInt(0); // no flag
    AclCodec.write(out, AclCodec.of(subject));
  }

  @Override
  public Change decode(Compound compound, ByteBuf in) {
    int flags = Xdr.readInt(in);
    if (flags != 0) {
      throw new Nfs4Exception(
          Nfs4Status.ATTRNOTSUPP, "flags " + flags + " of a dacl: lists are not inherited later");
    }
    Acl acl = AclCodec.read(in);
    return draft -> AclCodec.into(draft, acl);
  }
}
