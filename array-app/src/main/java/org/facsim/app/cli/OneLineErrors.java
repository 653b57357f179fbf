/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.facsim.services.units.NearestWord;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Reports what went wrong in one line on stderr, and never prints a usage page after it. */
final class OneLineErrors {
  private static final String WHOLE_NUMBER = "a whole number, for example 3, that is not too large";

  private OneLineErrors() {}

  /**
   * Reports wrong usage and returns exit code 2. The line names what was wrong and what is allowed.
   */
  static int wrongUsage(ParameterException wrong, String[] arguments) {
    CommandLine command = wrong.getCommandLine();
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + inOneLine(wrong));
    return ExitCode.USAGE;
  }

  /** What was wrong and what is allowed, without the name of the command. */
  static String inOneLine(ParameterException wrong) {
    String line = describe(wrong);
    return line.contains("allowed: ") ? line : line + "; allowed: " + allowed(wrong);
  }

  /**
   * Reports a failure and returns exit code 1, or 2 if the array refused how it was asked (HTTP
   * 400): what was typed was wrong. Prints the stack trace only if the failure is a defect.
   */
  static int failed(Exception failure, CommandLine command, ParseResult parsed) {
    String name = command.getCommandSpec().qualifiedName();
    if (failure instanceof CommandFailedException refused) {
      command.getErr().println(name + ": " + firstLine(failure));
      return refused.isBadRequest() ? ExitCode.USAGE : ExitCode.SOFTWARE;
    } else {
      command.getErr().println(name + ": a defect in Facsim, please report it");
      failure.printStackTrace(command.getErr());
    }
    return ExitCode.SOFTWARE;
  }

  private static String describe(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException unmatched) {
      return (unmatched.isUnknownOption() ? "unknown option " : "unexpected argument ")
          + unmatched.getUnmatched().stream()
              .map(argument -> "'" + argument + "'")
              .collect(Collectors.joining(", "))
          + suggestion(unmatched);
    }
    if (wrong instanceof MissingParameterException missing
        && missing.getMissing().size() == 1
        && missing.getMissing().get(0) instanceof OptionSpec option
        && firstLine(wrong).startsWith("Missing required option")) {
      return "%s %s is missing; allowed: %s"
          .formatted(
              option.longestName(),
              option.paramLabel(),
              option.description()[0].replaceFirst("\\.$", ""));
    }
    if (wrong instanceof MissingParameterException missing
        && missing.getMissing().size() == 1
        && missing.getMissing().get(0) instanceof OptionSpec option) {
      return option.longestName() + " needs a value; allowed: " + option.paramLabel();
    }
    if (wrong instanceof MissingParameterException missing
        && missing.getMissing().size() == 1
        && missing.getMissing().get(0) instanceof PositionalParamSpec parameter) {
      return parameter.paramLabel()
          + " is missing; allowed: "
          + String.join(" ", parameter.description());
    }
    String origin = originOf(wrong);
    // picocli: "Invalid value for option '--volume' (NAME=SIZE): what the converter says"
    return firstLine(wrong)
        .replaceFirst(
            "^Invalid value for option '([^']+)'(?: \\([^)]*\\))?: ",
            (origin == null ? "$1" : Matcher.quoteReplacement(origin)) + ": ")
        .replaceFirst(
            "^Invalid value for positional parameter at index \\d+ \\(([^)]*)\\): ", "$1: ")
        .replaceFirst("' is not an? (?:int|long)$", "'; allowed: " + WHOLE_NUMBER)
        .replaceFirst("' is not an? (?:float|double)$", "'; allowed: a number, for example 0.5")
        .replaceFirst(
            "^Value for option option '([^']+)' \\(([^)]*)\\) should be .* but was (.*)$",
            "$1: '$3'; allowed: $2")
        .replaceFirst(
            "^Error: Missing required argument[^:]*: \\((.*)\\)$", "what is missing; allowed: $1")
        .replaceFirst(
            "^Error: (.*) are mutually exclusive .*$", "$1; allowed: one of these, not several");
  }

  /** What may have been meant by the first word that nobody knows. */
  private static String suggestion(UnmatchedArgumentException unmatched) {
    CommandSpec command = unmatched.getCommandLine().getCommandSpec();
    return unmatched.getUnmatched().stream()
        .findFirst()
        .map(
            word ->
                NearestWord.didYouMean(
                    word.replaceFirst("=.*", ""),
                    word.startsWith("-") ? options(command) : command.subcommands().keySet()))
        .orElse("");
  }

  private static List<String> options(CommandSpec command) {
    return command.options().stream()
        .filter(option -> !option.hidden())
        .map(OptionSpec::longestName)
        .sorted()
        .toList();
  }

  /** Where a wrong value comes from; null if it comes from the command line. */
  private static String originOf(ParameterException wrong) {
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    if (wrong.getArgSpec() instanceof OptionSpec option
        && command.defaultValueProvider() instanceof ServeDefaults defaults) {
      return defaults.origin(option, wrong.getValue());
    }
    return null;
  }

  /** The parameter of the value that is wrong; all options if it is not about a value. */
  private static String allowed(ParameterException wrong) {
    if (wrong.getArgSpec() != null) {
      return wrong.getArgSpec().paramLabel();
    }
    CommandSpec command = wrong.getCommandLine().getCommandSpec();
    Stream<String> commands = command.subcommands().keySet().stream();
    return Stream.concat(commands, options(command).stream()).collect(Collectors.joining(", "));
  }

  private static String firstLine(Exception e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }
}
