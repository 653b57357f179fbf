/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.acl;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Acl;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.attributes.ExtraAttribute;
import org.facsim.nfs.v4.attributes.Subject;
import org.facsim.protocol.nfs4.Attr4;

/** {@code acl}, RFC 8881 section 6.2.1. */
final class AclAttribute implements ExtraAttribute {
  @Override
  public int number() {
    return Attr4.ACL;
  }

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public void encode(Compound compound, Subject subject, ByteBuf out) {
    AclCodec.write(out, AclCodec.of(subject));
  }

  @Override
  public Change decode(Compound compound, ByteBuf in) {
    Acl acl = AclCodec.read(in);
    return draft -> AclCodec.into(draft, acl);
  }
}
