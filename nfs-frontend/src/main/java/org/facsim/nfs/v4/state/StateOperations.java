/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import org.facsim.nfs.v4.OperationTable;
import org.facsim.nfs.v4.Stateids;
import org.facsim.nfs.v4.attributes.AttributeTable;

/** The operations on clients, sessions, opens, locks and delegations. */
public final class StateOperations {
  private StateOperations() {}

  /** Adds them to a door. */
  public static void addTo(OperationTable operations, AttributeTable attributes, Nfs4State state) {
    SessionOperations.addTo(operations, state);
    OldClients.addTo(operations, state);
    OpenOperations.addTo(operations, attributes, state);
    LockOperations.addTo(operations, state);
    DelegationOperations.addTo(operations, state);
  }

  /** What judges the stateids of READ, WRITE and the like. */
  public static Stateids stateids(Nfs4State state) {
    return new StateidCheck(state);
  }
}
