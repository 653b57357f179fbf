/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.List;
import java.util.stream.Collectors;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.console.CommandLine.Option;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;

/**
 * The few commands on files that a trainee needs: {@code ls}, {@code cat}, {@code tail}, {@code
 * rm}.
 */
final class FileCommands {
  private static final Option ALL = Option.flag("a", "");
  private static final Option LONG = Option.flag("l", "");
  private static final Option ALL_LONG = Option.flag("la", "");
  private static final Option LONG_ALL = Option.flag("al", "");
  private static final Option FORCE = Option.flag("f", "");
  private static final Option LINES = Option.value("n", "");
  private static final long DEFAULT_LINES = 10;

  /** Where a host has its log. */
  private static final List<String> LOGS =
      List.of("/var/log/vmkernel.log", "/var/run/log/vmkernel.log", "vmkernel.log");

  private final SimulatedHost host;

  FileCommands(SimulatedHost host) {
    this.host = host;
  }

  String list(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, ALL, LONG, ALL_LONG, LONG_ALL);
    String operand = oneOperand("ls", line, ConsolePath.VOLUMES);
    if ((operand + "/").equals(ConsolePath.VOLUMES) || operand.equals(ConsolePath.VOLUMES)) {
      return host.datastores().stream()
          .map(each -> each.name() + "\n")
          .collect(Collectors.joining());
    }
    ConsolePath path = ConsolePath.of(host, operand, 1);
    boolean isAll = line.has(ALL) || line.has(ALL_LONG) || line.has(LONG_ALL);
    boolean isLong = line.has(LONG) || line.has(ALL_LONG) || line.has(LONG_ALL);
    List<String> names;
    try {
      names = path.datastore().list(path.path());
    } catch (DatastoreException failed) {
      names = List.of();
      if (!isFile(path)) {
        throw new CommandFailure(1, "ls: " + operand + ": No such file or directory");
      }
    }
    if (names.isEmpty() && isFile(path)) {
      return isLong ? longLine(path.datastore(), path.path(), operand) : operand + "\n";
    }
    return names.stream()
        .filter(name -> isAll || !name.startsWith("."))
        .sorted()
        .map(
            name ->
                isLong
                    ? longLine(path.datastore(), Datastore.join(path.path(), name), name)
                    : name + "\n")
        .collect(Collectors.joining());
  }

  private static boolean isFile(ConsolePath path) {
    try {
      path.datastore().open(path.path());
      return !path.path().isEmpty();
    } catch (DatastoreException none) {
      return false;
    }
  }

  private static String longLine(Datastore datastore, String path, String name) {
    return "%14d %s%n".formatted(datastore.open(path).sizeBytes(), name).replace("\r", "");
  }

  String print(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1);
    String operand = oneOperand("cat", line, null);
    if (LOGS.contains(operand)) {
      return joined(host.log().lines());
    }
    ConsolePath path = ConsolePath.of(host, operand, 1);
    try {
      return path.datastore().readText(path.path());
    } catch (DatastoreException failed) {
      throw new CommandFailure(
          1,
          "cat: can't open '"
              + operand
              + "': "
              + (failed.error() == DatastoreError.NOT_FOUND
                  ? "No such file or directory"
                  : failed.getMessage()));
    }
  }

  String tail(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, LINES);
    long count = line.number(LINES, 1).orElse(DEFAULT_LINES);
    if (count < 0) {
      throw new CommandFailure(1, "tail: -n " + count + "; allowed: 0 and more");
    }
    String operand = oneOperand("tail", line, null);
    List<String> lines =
        LOGS.contains(operand) ? host.log().lines() : print(List.of(operand)).lines().toList();
    return joined(lines.subList((int) Math.max(0, lines.size() - count), lines.size()));
  }

  private static String joined(List<String> lines) {
    return lines.stream().map(each -> each + "\n").collect(Collectors.joining());
  }

  String remove(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, FORCE);
    String operand = oneOperand("rm", line, null);
    ConsolePath path = ConsolePath.of(host, operand, 1);
    try {
      path.datastore().remove(path.path());
      return "";
    } catch (DatastoreException failed) {
      if (failed.error() == DatastoreError.NOT_FOUND && line.has(FORCE)) {
        return "";
      }
      throw new CommandFailure(
          1,
          "rm: can't remove '"
              + operand
              + "': "
              + (failed.error() == DatastoreError.NOT_FOUND
                  ? "No such file or directory"
                  : failed.getMessage()));
    }
  }

  private static String oneOperand(String command, CommandLine line, String otherwise) {
    if (line.operands().isEmpty() && otherwise != null) {
      return otherwise;
    }
    if (line.operands().size() != 1) {
      throw new CommandFailure(1, command + ": " + line.operands().size() + " paths; allowed: 1");
    }
    return line.operands().get(0);
  }
}
