/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import org.facsim.nfs.v4.Nfs4Parts;
import org.facsim.nfs.v4.Nfs4Program;
import org.facsim.nfs.v4.OperationTable;
import org.facsim.nfs.v4.Stateids;
import org.facsim.nfs.v4.attributes.AttributeEncoder;
import org.facsim.nfs.v4.attributes.AttributeOperations;
import org.facsim.nfs.v4.attributes.AttributeTable;
import org.facsim.nfs.v4.data.DataOperations;
import org.facsim.nfs.v4.names.NameOperations;
import org.facsim.nfs.v4.space.SpaceOperations;
import org.facsim.nfs.v4.xattr.XattrOperations;

/** Puts the door of NFSv4 together: the engine, and the operations of each of its packages. */
final class Nfs4Assembly {
  private static final int LEASE_SECONDS = 90;

  private Nfs4Assembly() {}

  static Nfs4Program program(Nfs4Parts parts) {
    AttributeTable attributes = new AttributeTable(LEASE_SECONDS);
    AttributeEncoder encoder = new AttributeEncoder(attributes);
    OperationTable operations = new OperationTable();
    AttributeOperations.addTo(operations, encoder);
    NameOperations.addTo(operations, encoder);
    DataOperations.addTo(operations);
    operations.add(SpaceOperations.all());
    operations.add(XattrOperations.all());
    return new Nfs4Program(parts, operations, Stateids.NONE);
  }
}
