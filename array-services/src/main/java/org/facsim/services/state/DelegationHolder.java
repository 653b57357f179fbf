/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.concurrent.CompletableFuture;
import org.facsim.array.FileAttributes;

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
   * Asks the client that has a write delegation for the attributes of the file as it sees them:
   * CB_GETATTR, RFC 8881 section 10.4.3. If the client has changed the file, the door says so to
   * the array before it answers.
   *
   * @return fails if the client does not answer in time, and the delegation must be recalled
   */
  default CompletableFuture<FileAttributes> ask(Delegation delegation) {
    return CompletableFuture.failedFuture(
        new UnsupportedOperationException("this door does not ask its clients"));
  }

  /**
   * The delegation has ended, because the client did not give it back in time, or because it was
   * revoked.
   */
  void revoked(Delegation delegation);
}
