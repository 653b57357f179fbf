/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.util.List;
import org.facsim.management.LabView.Outcome;

/** The commands of a host. */
final class HostShell {
  private static final int NOT_FOUND = 127;
  private static final List<String> NFS_LIST = List.of("esxcli", "storage", "nfs", "list");

  private final LabHost host;

  HostShell(LabHost host) {
    this.host = host;
  }

  Outcome run(List<String> argv) {
    if (argv.equals(NFS_LIST)) {
      StringBuilder out = new StringBuilder("Volume Name  Share  Accessible\n");
      host.mounts()
          .forEach(
              (name, export) ->
                  out.append(name)
                      .append("  ")
                      .append(export)
                      .append("  ")
                      .append(host.accessible().get(name))
                      .append('\n'));
      return new Outcome(0, out.toString(), "");
    }
    return new Outcome(NOT_FOUND, "", "-sh: " + argv.get(0) + ": not found\n");
  }
}
