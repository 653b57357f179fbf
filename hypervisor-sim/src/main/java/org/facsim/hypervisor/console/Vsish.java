/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.List;
import java.util.stream.Collectors;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.Datastore;

/** {@code vsish -e get NODE}: the kernel's own figures. */
final class Vsish implements Command {
  private static final String MOUNTS = "/vmkModules/nfsclient/mnt/";
  private static final String INFO = "/vmkModules/nfsclient/info";
  private static final String VAAI = "/vaaistats";

  private final SimulatedHost host;

  Vsish(SimulatedHost host) {
    this.host = host;
  }

  @Override
  public String run(List<String> arguments) {
    if (arguments.size() != 3 || !arguments.get(0).equals("-e")) {
      throw new CommandFailure(1, "Usage: vsish -e get|ls NODE");
    }
    String node = arguments.get(2).replaceAll("/+$", "");
    return switch (arguments.get(1)) {
      case "get" -> get(node);
      case "ls" -> list(node);
      default ->
          throw new CommandFailure(
              1, "VSISHCmdExec():Unknown command " + arguments.get(1) + "; allowed: get, ls");
    };
  }

  private String get(String node) {
    if (node.equals(INFO)) {
      int connections =
          host.datastores().stream().mapToInt(each -> each.status().connections()).sum();
      return "NFS Connections Info {\n   mountedVolumes:"
          + host.datastores().size()
          + "\n   totalConnections:"
          + connections
          + "\n}\n";
    }
    if (node.startsWith(MOUNTS) && node.endsWith(VAAI)) {
      String label =
          node.substring(MOUNTS.length(), Math.max(MOUNTS.length(), node.length() - VAAI.length()));
      return host.datastore(label).map(Vsish::vaaiStatistics).orElseThrow(() -> unknown(node));
    }
    throw unknown(node);
  }

  private static String vaaiStatistics(Datastore datastore) {
    return datastore.vaaiCounters().read().entrySet().stream()
        .map(each -> "   " + each.getKey().label() + ":" + each.getValue() + "\n")
        .collect(Collectors.joining("", "Vaai statistics {\n", "}\n"));
  }

  private String list(String node) {
    if (node.equals(MOUNTS.substring(0, MOUNTS.length() - 1))) {
      return host.datastores().stream()
          .map(each -> each.name() + "/\n")
          .collect(Collectors.joining());
    }
    if (node.startsWith(MOUNTS) && host.datastore(node.substring(MOUNTS.length())).isPresent()) {
      return "vaaistats\n";
    }
    throw unknown(node);
  }

  private CommandFailure unknown(String node) {
    String known =
        host.datastores().stream()
            .map(each -> ", " + MOUNTS + each.name() + VAAI)
            .collect(Collectors.joining("", INFO, ""));
    return new CommandFailure(
        1, "VSISHCmdGetInt():Get failed: Not found: " + node + "; there are: " + known);
  }
}
