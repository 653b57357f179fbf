/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.facsim.services.offload.session.SessionCalls;

/**
 * Opens a door for administrators to a running array. By default an array has none, so that an
 * array without such a door needs none of its libraries on the class path.
 */
@FunctionalInterface
public interface ManagementDoor {
  /**
   * Opens the door; called once, after all other doors are open.
   *
   * @param array the array, which answers NFS already; it closes the door before it closes itself
   * @param vaai the operations that hosts offload, for doors that offer them in a dialect of their
   *     own
   * @throws IOException if the address cannot be listened on; the array is then closed
   */
  Opened open(FacsimArray array, SessionCalls vaai) throws IOException;

  /** A door that is open. */
  interface Opened extends AutoCloseable {
    /** The address at which the door answers. */
    InetSocketAddress address();

    /** Closes the door after the requests under way. Closing again does nothing. */
    @Override
    void close();
  }
}
