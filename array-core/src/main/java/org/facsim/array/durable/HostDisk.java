/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import java.io.IOException;
import java.util.Locale;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What goes wrong on the host's disk, in the array's words. */
final class HostDisk {
  private static final Logger LOG = LoggerFactory.getLogger(HostDisk.class);

  private HostDisk() {}

  /**
   * NO_SPACE or IO. Java has no type for a full disk, only the system's text (ENOSPC, EDQUOT).
   *
   * @param doing for a person: what was tried on which file
   */
  static ArrayException failed(String doing, IOException cause) {
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    boolean full = text.contains("no space left") || text.contains("quota exceeded");
    return failed(doing, full, cause);
  }

  private static ArrayException failed(String doing, boolean full, Exception cause) {
    LOG.warn("{} failed: {}", doing, cause.getMessage());
    return new ArrayException(
        full ? ArrayError.NO_SPACE : ArrayError.IO, doing + " failed: " + cause.getMessage());
  }
}
