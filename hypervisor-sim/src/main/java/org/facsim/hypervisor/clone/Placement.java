/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import org.facsim.hypervisor.datastore.Datastore;

/** Where a copy goes, seen from the source. */
public enum Placement {
  SAME_DATASTORE,
  /** Another volume of the same array. */
  OTHER_DATASTORE,
  OTHER_ARRAY;

  static Placement of(Datastore source, Datastore destination) {
    if (!source.serverName().equals(destination.serverName())) {
      return OTHER_ARRAY;
    }
    return source.exportPath().equals(destination.exportPath()) ? SAME_DATASTORE : OTHER_DATASTORE;
  }
}
