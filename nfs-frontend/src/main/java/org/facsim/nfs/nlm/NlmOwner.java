/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import org.facsim.protocol.nlm.NetObject;
import org.facsim.services.state.LockOwner;

/** Identifies a lock owner on one host. */
record NlmOwner(int svid, NetObject handle) implements LockOwner.Weighed {
  @Override
  public int weightBytes() {
    return handle.lengthBytes();
  }
}
