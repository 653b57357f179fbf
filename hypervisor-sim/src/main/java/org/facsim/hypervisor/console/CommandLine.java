/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The options and operands of a command, read by its description. Immutable once read. */
final class CommandLine {
  /**
   * An option.
   *
   * @param shortName such as {@code v} for {@code -v}; empty if there is none
   * @param longName such as {@code volume-name} for {@code --volume-name}; empty if there is none
   * @param takesValue whether a value follows
   */
  record Option(String shortName, String longName, boolean takesValue) {
    static Option flag(String shortName, String longName) {
      return new Option(shortName, longName, false);
    }

    static Option value(String shortName, String longName) {
      return new Option(shortName, longName, true);
    }

    /** As usage shows it: {@code -v|--volume-name}. */
    String inWords() {
      List<String> names = new ArrayList<>();
      if (!shortName.isEmpty()) {
        names.add("-" + shortName);
      }
      if (!longName.isEmpty()) {
        names.add("--" + longName);
      }
      return String.join("|", names);
    }

    private boolean isCalled(String name) {
      return (!shortName.isEmpty() && name.equals("-" + shortName))
          || (!longName.isEmpty() && name.equals("--" + longName));
    }
  }

  private final Map<Option, String> values = new LinkedHashMap<>();
  private final List<String> operands = new ArrayList<>();

  private CommandLine() {}

  /**
   * Reads arguments.
   *
   * @param exitCode for a failure
   * @throws CommandFailure for an option that is unknown, given twice, or without its value; the
   *     message names what is allowed
   */
  static CommandLine read(List<String> arguments, int exitCode, Option... options) {
    CommandLine line = new CommandLine();
    for (int i = 0; i < arguments.size(); i++) {
      String word = arguments.get(i);
      if (!word.startsWith("-") || word.equals("-")) {
        line.operands.add(word);
        continue;
      }
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals);
      Option option =
          Arrays.stream(options)
              .filter(each -> each.isCalled(name))
              .findFirst()
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          exitCode,
                          "Error: Invalid option " + name + "; allowed: " + all(options)));
      String value = "true";
      if (option.takesValue) {
        if (equals >= 0) {
          value = word.substring(equals + 1);
        } else if (++i < arguments.size()) {
          value = arguments.get(i);
        } else {
          throw new CommandFailure(exitCode, "Error: Option " + name + " needs a value");
        }
      } else if (equals >= 0) {
        throw new CommandFailure(exitCode, "Error: Option " + name + " takes no value");
      }
      if (line.values.put(option, value) != null) {
        throw new CommandFailure(exitCode, "Error: Option " + name + " is given twice");
      }
    }
    return line;
  }

  private static String all(Option... options) {
    return options.length == 0
        ? "none"
        : Arrays.stream(options).map(Option::inWords).collect(Collectors.joining(", "));
  }

  boolean has(Option option) {
    return values.containsKey(option);
  }

  Optional<String> value(Option option) {
    return Optional.ofNullable(values.get(option));
  }

  List<String> operands() {
    return List.copyOf(operands);
  }

  /**
   * The value of an option that must be there.
   *
   * @throws CommandFailure as esxcli prints it
   */
  String required(Option option) {
    return value(option)
        .orElseThrow(
            () -> new CommandFailure(1, "Error: Missing required parameter " + option.inWords()));
  }

  /**
   * The value of an option as a whole number.
   *
   * @throws CommandFailure if it is none
   */
  Optional<Long> number(Option option, int exitCode) {
    return value(option)
        .map(
            text -> {
              try {
                return Long.parseLong(text);
              } catch (NumberFormatException e) {
                throw new CommandFailure(
                    exitCode,
                    "Error: Value of "
                        + option.inWords()
                        + " is '"
                        + text
                        + "'; allowed: a whole number");
              }
            });
  }

  /**
   * Refuses operands.
   *
   * @throws CommandFailure if there is one
   */
  CommandLine withoutOperands(int exitCode) {
    if (!operands.isEmpty()) {
      throw new CommandFailure(exitCode, "Error: Unexpected argument '" + operands.get(0) + "'");
    }
    return this;
  }
}
