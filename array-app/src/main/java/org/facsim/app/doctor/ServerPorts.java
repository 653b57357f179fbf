/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.doctor;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * Where a server's programs answer if not all of them do on one port.
 *
 * @param mount the port of MOUNT; empty for that of NFS
 * @param vaai the port of the clone protocol; empty for that of NFS
 * @param portmap the port of the server's port mapper, which is asked for the others; empty to ask
 *     none. What is given here is not asked for.
 */
public record ServerPorts(OptionalInt mount, OptionalInt vaai, OptionalInt portmap) {
  /** All programs answer on one port. */
  public static final ServerPorts ONE =
      new ServerPorts(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

  public ServerPorts {
    Objects.requireNonNull(mount);
    Objects.requireNonNull(vaai);
    Objects.requireNonNull(portmap);
  }
}
