/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.acl;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.attributes.ExtraAttribute;
import org.facsim.nfs.v4.attributes.Subject;
import org.facsim.protocol.nfs4.Attr4;

/** {@code aclsupport}: entries that allow, and entries that deny. */
final class AclSupport implements ExtraAttribute {
  private static final int ALLOW_ACL = 1;
  private static final int DENY_ACL = 2;

  @Override
  public int number() {
    return Attr4.ACLSUPPORT;
  }

  @Override
  public void encode(Compound compound, Subject subject, ByteBuf out) {
    out.writeInt(ALLOW_ACL | DENY_ACL);
  }
}
