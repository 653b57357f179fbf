/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import org.facsim.nfs.v4.OperationTable;

/** The operations on attributes: GETATTR, SETATTR, VERIFY, NVERIFY. */
public final class AttributeOperations {
  private AttributeOperations() {}

  /** Adds them to a door. */
  public static void addTo(OperationTable operations, AttributeEncoder encoder) {
    operations.add(
        new GetAttr(encoder),
        new SetAttr(encoder.table()),
        new Verify(encoder, true),
        new Verify(encoder, false));
  }
}
