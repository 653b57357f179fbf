/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.facsim.array.StorageArray;
import org.facsim.services.control.NfsDoor;

/** The door for NFS while it is open. */
record OpenNfsDoor(InetSocketAddress address, StorageArray storage, boolean isDurable)
    implements NfsDoor {
  @Override
  public void probe(Duration timeout) throws IOException {
    NfsNullProbe.await(address, timeout);
  }

  @Override
  public long starts() {
    return storage.starts();
  }
}
