/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.Optional;
import java.util.stream.Collectors;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.Datastore;

/**
 * A file as a shell names it.
 *
 * @param datastore where it is
 * @param path relative to the datastore; empty for its root
 */
record ConsolePath(Datastore datastore, String path) {
  static final String VOLUMES = "/vmfs/volumes/";

  /**
   * Reads {@code /vmfs/volumes/LABEL/PATH}, or {@code [LABEL] PATH} as the API writes it.
   *
   * @throws CommandFailure naming the datastores that there are
   */
  static ConsolePath of(SimulatedHost host, String text, int exitCode) {
    String label;
    String path;
    if (text.startsWith(VOLUMES)) {
      String rest = text.substring(VOLUMES.length());
      int slash = rest.indexOf('/');
      label = slash < 0 ? rest : rest.substring(0, slash);
      path = slash < 0 ? "" : rest.substring(slash + 1);
    } else if (text.startsWith("[") && text.indexOf(']') > 0) {
      label = text.substring(1, text.indexOf(']'));
      path = text.substring(text.indexOf(']') + 1).strip();
    } else {
      throw new CommandFailure(
          exitCode, text + ": no such path; allowed: " + VOLUMES + "LABEL/PATH");
    }
    Optional<Datastore> found = host.datastore(label);
    if (found.isEmpty()) {
      throw new CommandFailure(
          exitCode, text + ": No such file or directory; volumes: " + labels(host));
    }
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return new ConsolePath(found.get(), path);
  }

  static String labels(SimulatedHost host) {
    return host.datastores().isEmpty()
        ? "none"
        : host.datastores().stream().map(Datastore::name).collect(Collectors.joining(", "));
  }

  /** As the shell writes it. */
  String inShell() {
    return VOLUMES + datastore.name() + (path.isEmpty() ? "" : "/" + path);
  }
}
