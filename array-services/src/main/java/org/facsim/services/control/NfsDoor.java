/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;

/** What an administrator may know of the door for NFS, and of the run that it belongs to. */
public interface NfsDoor {
  /** Where it listens. */
  InetSocketAddress address();

  /**
   * Makes a real call over the wire and waits for its answer.
   *
   * @param timeout the limit for connecting, and again for the answer
   * @throws IOException if there is no right answer in time
   */
  void probe(Duration timeout) throws IOException;

  /** Whether the array keeps everything in a data directory. */
  boolean isDurable();

  /** The number of this run, see {@link org.facsim.array.StorageArray#starts}. */
  long starts();
}
