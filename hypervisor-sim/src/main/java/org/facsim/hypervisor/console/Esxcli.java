/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.MountVersion;

/** {@code esxcli}: a tree of namespaces, at whose leaves the commands are. */
final class Esxcli implements Command {
  private final Map<String, Command> commands = new LinkedHashMap<>();

  Esxcli(SimulatedHost host, ServerNames servers) {
    EsxcliNfs nfs = new EsxcliNfs(host, servers, MountVersion.NFS3);
    put("storage nfs", nfs);
    put("storage nfs41", new EsxcliNfs(host, servers, MountVersion.NFS41));
    commands.put("storage core device vaai status get", nfs::vaaiStatus);
    EsxcliSettings settings = new EsxcliSettings(host.settings());
    commands.put("system settings advanced list", settings::list);
    commands.put("system settings advanced set", settings::set);
  }

  private void put(String namespace, EsxcliNfs nfs) {
    commands.put(namespace + " list", nfs::list);
    commands.put(namespace + " add", nfs::add);
    commands.put(namespace + " remove", nfs::remove);
    commands.put(namespace + " param get", nfs::getParameters);
    commands.put(namespace + " param set", nfs::setParameters);
  }

  @Override
  public String run(List<String> arguments) {
    String namespace = "";
    for (int depth = 0; depth <= arguments.size(); depth++) {
      Command command = commands.get(namespace);
      if (command != null) {
        return command.run(arguments.subList(depth, arguments.size()));
      }
      SortedSet<String> next = childrenOf(namespace);
      if (next.isEmpty()) {
        throw unknown(arguments.subList(0, depth), parentOf(namespace));
      }
      if (depth == arguments.size()) {
        return usage(namespace, next);
      }
      namespace =
          namespace.isEmpty() ? arguments.get(depth) : namespace + " " + arguments.get(depth);
    }
    throw unknown(arguments, parentOf(namespace));
  }

  private CommandFailure unknown(List<String> words, String namespace) {
    return new CommandFailure(
        1,
        "Error: Unknown command or namespace "
            + String.join(" ", words)
            + "; allowed: "
            + String.join(", ", childrenOf(namespace)));
  }

  private static String parentOf(String namespace) {
    int blank = namespace.lastIndexOf(' ');
    return blank < 0 ? "" : namespace.substring(0, blank);
  }

  private SortedSet<String> childrenOf(String namespace) {
    String prefix = namespace.isEmpty() ? "" : namespace + " ";
    SortedSet<String> children = new TreeSet<>();
    for (String path : commands.keySet()) {
      if (path.startsWith(prefix)) {
        children.add(path.substring(prefix.length()).split(" ", 2)[0]);
      }
    }
    return children;
  }

  private static String usage(String namespace, SortedSet<String> children) {
    StringBuilder text = new StringBuilder("Usage: esxcli");
    text.append(namespace.isEmpty() ? "" : " " + namespace).append(" {cmd} [cmd options]\n\n");
    text.append("Available Namespaces and Commands:\n");
    children.forEach(child -> text.append("  ").append(child).append('\n'));
    return text.toString();
  }
}
