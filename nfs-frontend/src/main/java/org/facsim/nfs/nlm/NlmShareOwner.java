/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import org.facsim.protocol.nlm.NetObject;
import org.facsim.services.state.LockOwner;

/** Identifies an owner of share reservations on one host; SHARE has no process id. */
record NlmShareOwner(NetObject handle) implements LockOwner.Weighed {
  @Override
  public int weightBytes() {
    return handle.lengthBytes();
  }
}
