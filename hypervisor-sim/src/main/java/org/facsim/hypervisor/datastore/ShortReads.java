/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;
import java.time.Instant;

/**
 * Warns that the server returned less than was asked for. Hosts ask for what they believe is there,
 * so this means that the file is not what it was: another server may stand behind the address. At
 * most one line in {@link #QUIET}. Thread-safe.
 */
final class ShortReads {
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final HostSide host;
  private Instant next = Instant.MIN;

  ShortReads(HostSide host) {
    this.host = host;
  }

  void note(DatastoreFile file, long offsetBytes, int wantedBytes, int readBytes) {
    synchronized (this) {
      Instant now = host.time().now();
      if (now.isBefore(next)) {
        return;
      }
      next = now.plus(QUIET);
    }
    host.log()
        .warn(
            "NFS",
            3182,
            "Short read for object %x (%s): offset: 0x%x, requested: 0x%x, read: 0x%x"
                .formatted(file.ref().fileId(), file.path(), offsetBytes, wantedBytes, readBytes));
  }
}
