/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.facsim.services.offload.session.SessionCalls;

/**
 * Opens a door for administrators onto a running array. An array has none unless it is given one,
 * so an array that needs no such door has none of its libraries on the class path.
 */
@FunctionalInterface
public interface ManagementDoor {
  /**
   * Opens the door; called once, after all other doors are open.
   *
   * @param array answers NFS already; whoever started it closes the door before it closes the array
   * @param vaai what hosts offload, for doors that offer it in a dialect of their own
   * @throws IOException if the address cannot be listened on; the array is closed then
   */
  Opened open(ArrayControl array, SessionCalls vaai) throws IOException;

  /** A door that is open. */
  interface Opened extends AutoCloseable {
    /** Where it answers. */
    InetSocketAddress address();

    /** Ends it after the requests under way; may be called twice. */
    @Override
    void close();
  }
}
