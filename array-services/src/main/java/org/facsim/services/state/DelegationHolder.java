/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * The door that gave a delegation to its client. Called without any lock of the table's, on the
 * thread that met the conflict; must not block.
 */
public interface DelegationHolder {
  /**
   * The client is to give the delegation back: {@link Delegations#giveBack}. Called once; to try
   * again is for the door.
   */
  void recall(Delegation delegation);

  /** The delegation is gone, because the client did not give it back in time, or by decree. */
  void revoked(Delegation delegation);
}
