/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.acl;

import org.facsim.nfs.v4.attributes.ExtraAttribute;

/** The attributes of this package. */
public final class AclAttributes {
  private AclAttributes() {}

  public static ExtraAttribute[] all() {
    return new ExtraAttribute[] {new AclAttribute(), new AclSupport(), new Dacl()};
  }
}
