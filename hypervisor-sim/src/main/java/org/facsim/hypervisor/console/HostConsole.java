/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.OffloadException;

/**
 * The shell of a host. It runs one command at a time and waits for its end; there are no pipes and
 * no variables. Output and exit codes are those of the field, as far as they are public. What is
 * mistyped is answered with what is allowed, which a real host often leaves out.
 */
public final class HostConsole {
  /** What a shell answers to a command that it does not know. */
  static final int NOT_FOUND = 127;

  /** The most words of a command. */
  static final int MAX_WORDS = 64;

  private final Map<String, Command> commands = new LinkedHashMap<>();

  /** The shell of a host whose NFS servers are named by address. */
  public HostConsole(SimulatedHost host) {
    this(host, ServerNames.ADDRESSES);
  }

  /**
   * @param servers what {@code -H} names
   */
  public HostConsole(SimulatedHost host, ServerNames servers) {
    Objects.requireNonNull(host);
    commands.put("esxcli", new Esxcli(host, servers));
    commands.put("esxcfg-advcfg", new EsxcfgAdvcfg(host.settings()));
    commands.put("vmkfstools", new Vmkfstools(host));
    commands.put("vim-cmd", new VimCmd(host));
    commands.put("vsish", new Vsish(host));
    commands.put("esxtop", new Esxtop(host));
    FileCommands files = new FileCommands(host);
    commands.put("ls", files::list);
    commands.put("cat", files::print);
    commands.put("tail", files::tail);
    commands.put("rm", files::remove);
  }

  /**
   * Runs a command. Expected failures are in the outcome.
   *
   * @param argv the command's name and its arguments
   */
  public CommandOutcome run(List<String> argv) {
    if (argv.isEmpty() || argv.size() > MAX_WORDS) {
      return new CommandOutcome(1, "", argv.size() + " words; allowed: 1 to " + MAX_WORDS + "\n");
    }
    Command command = commands.get(argv.get(0));
    if (command == null) {
      return new CommandOutcome(
          NOT_FOUND,
          "",
          "-sh: "
              + argv.get(0)
              + ": not found; commands: "
              + String.join(", ", new TreeSet<>(commands.keySet()))
              + "\n");
    }
    try {
      return CommandOutcome.printed(command.run(argv.subList(1, argv.size())));
    } catch (CommandFailure failed) {
      return failed.outcome();
    } catch (DatastoreException | OffloadException failed) {
      return new CommandOutcome(1, "", argv.get(0) + ": " + failed.getMessage() + "\n");
    }
  }
}
