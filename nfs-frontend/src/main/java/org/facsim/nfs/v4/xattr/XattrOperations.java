/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.xattr;

import java.util.List;
import org.facsim.nfs.v4.Operation4;

/** The operations of this package. */
public final class XattrOperations {
  private XattrOperations() {}

  public static Operation4[] all() {
    return List.of(new GetXattr(), new SetXattr(), new ListXattrs(), new RemoveXattr())
        .toArray(Operation4[]::new);
  }
}
