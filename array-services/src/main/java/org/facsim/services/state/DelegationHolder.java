/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * The door that gave a delegation to its client. Called without any lock of the table's, on the
 * thread that met the conflict; must not block.
 */
public interface DelegationHolder {
  /**
   * Tells the door to ask the client for the delegation: {@link Delegations#giveBack}. Called once;
   * the door must repeat the request itself if necessary.
   */
  void recall(Delegation delegation);

  /**
   * The delegation has ended, because the client did not give it back in time, or because it was
   * revoked.
   */
  void revoked(Delegation delegation);
}
