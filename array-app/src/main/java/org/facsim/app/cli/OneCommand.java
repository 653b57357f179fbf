/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The program with a single command: picocli reads the annotations of all commands that it is
 * given, which takes longer than most clients' whole work, and a third of a server's start. It says
 * of this command what {@link FacsimCommand} says of it.
 */
@Command(
    name = "facsim",
    mixinStandardHelpOptions = true,
    versionProvider = FacsimCommand.Version.class)
final class OneCommand extends CommandGroup {
  /** What asks a running array, and is over in an instant; and the server, which is awaited. */
  static final Map<String, Supplier<Object>> COMMANDS =
      Map.ofEntries(
          Map.entry("serve", ServeCommand::new),
          Map.entry("stats", StatsCommand::new),
          Map.entry("why", WhyCommand::new),
          Map.entry("volume", VolumesCommand::new),
          Map.entry("volumes", VolumesCommand::new),
          Map.entry("state", StatesCommand::new),
          Map.entry("states", StatesCommand::new),
          Map.entry("export", ExportsCommand::new),
          Map.entry("exports", ExportsCommand::new),
          Map.entry("vm", VmCommand::new),
          Map.entry("clone", CloneCommand::new),
          Map.entry("snapshot", SnapshotCommand::new),
          Map.entry("space", SpaceCommand::new),
          Map.entry("locks", LocksCommand::new),
          Map.entry("events", EventsCommand::new),
          Map.entry("journal", JournalCommand::new),
          Map.entry("fault", FaultCommand::new),
          Map.entry("probe", ProbeCommand::new),
          Map.entry("profiles", ProfilesCommand::new));

  private OneCommand() {}

  /** The command line of one command; empty if these arguments need to know all commands. */
  static Optional<CommandLine> of(String... arguments) {
    Supplier<Object> command = arguments.length == 0 ? null : COMMANDS.get(arguments[0]);
    return command == null
        ? Optional.empty()
        : Optional.of(new CommandLine(new OneCommand()).addSubcommand(arguments[0], command.get()));
  }
}
