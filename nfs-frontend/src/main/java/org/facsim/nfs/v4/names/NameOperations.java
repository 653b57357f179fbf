/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.names;

import org.facsim.nfs.v4.OperationTable;
import org.facsim.nfs.v4.attributes.AttributeEncoder;

/** The operations on handles and names. */
public final class NameOperations {
  private NameOperations() {}

  /** Adds them to a door. */
  public static void addTo(OperationTable operations, AttributeEncoder encoder) {
    operations.add(
        PutRootFh.ROOT,
        PutRootFh.PUBLIC,
        new PutFh(),
        new GetFh(),
        new SaveFh(),
        new RestoreFh(),
        new Lookup(),
        new LookupParent(),
        new Access(),
        new ReadDir(encoder),
        new Create(encoder.table()),
        new Remove(),
        new Rename(),
        new Link(),
        new ReadLink(),
        new SecInfo(),
        new SecInfoNoName());
  }
}
