/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.data;

import org.facsim.nfs.v4.OperationTable;

/** The operations on the data of files. */
public final class DataOperations {
  private DataOperations() {}

  /** Adds them to a door. */
  public static void addTo(OperationTable operations) {
    operations.add(new Read(), new Write(), new Commit());
  }
}
