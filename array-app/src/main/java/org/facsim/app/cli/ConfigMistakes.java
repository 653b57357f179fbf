/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Finds all that is wrong with a configuration file at once: what a start would complain of, one
 * after the other, is taken out of the file until a start would succeed.
 */
final class ConfigMistakes {
  private static final Pattern OPTION_FIRST = Pattern.compile("--([a-z0-9-]+)\\b");
  private static final Pattern PLACE = Pattern.compile("^.*?:(\\d+):(\\d+): ");

  private final Supplier<CommandLine> serve;
  private final List<String> lines = new ArrayList<>();
  private ServeDefaults right;

  private ConfigMistakes(Supplier<CommandLine> serve) {
    this.serve = serve;
  }

  /**
   * Checks a file.
   *
   * @param serve makes a new command each time
   */
  static ConfigMistakes of(Supplier<CommandLine> serve, String file) {
    ConfigMistakes found = new ConfigMistakes(serve);
    List<ConfigException> ofTheFile = new ArrayList<>();
    found.right = ServeDefaults.toCheck(serve.get(), Path.of(file), ofTheFile);
    ofTheFile.forEach(mistake -> found.lines.add(mistake.getMessage()));
    boolean goOn = true;
    while (goOn) {
      goOn = found.takeOne(file);
    }
    found.lines.sort(Comparator.comparingInt(ConfigMistakes::order));
    return found;
  }

  /** One line for each, in the order of the file; empty if a start would succeed. */
  List<String> lines() {
    return List.copyOf(lines);
  }

  /** What is right. */
  ServeConfiguration configuration() {
    return right.configuration();
  }

  /** Whether a start complains of something that can be taken out, to look for more. */
  private boolean takeOne(String file) {
    CommandLine command = serve.get();
    command.setDefaultValueProvider(right);
    try {
      command.parseArgs(ServeDefaults.CONFIG, file);
      ((ServeCommand) command.getCommand()).check();
      return false;
    } catch (ParameterException e) {
      String line = OneLineErrors.inOneLine(e);
      Optional<String> option = optionOf(e, line);
      lines.add(option.map(name -> withPlace(name, line)).orElse(line));
      option.ifPresent(name -> right = right.without(name));
      return option.isPresent();
    }
  }

  /** The option of the file that a complaint is about. */
  private Optional<String> optionOf(ParameterException wrong, String line) {
    if (wrong.getArgSpec() instanceof CommandLine.Model.OptionSpec option) {
      return Optional.of(ServeDefaults.nameOf(option)).filter(this::isGiven);
    }
    Matcher first = OPTION_FIRST.matcher(line);
    if (first.lookingAt()) {
      return Optional.of(first.group(1)).filter(this::isGiven);
    }
    return configuration().options().entrySet().stream()
        .filter(given -> line.startsWith("'" + given.getValue().text() + "'"))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private boolean isGiven(String option) {
    return configuration().options().containsKey(option);
  }

  private String withPlace(String option, String line) {
    String place = configuration().options().get(option).origin();
    if (line.startsWith(place)) {
      return line;
    }
    Matcher first = OPTION_FIRST.matcher(line);
    return first.lookingAt() && line.startsWith(": ", first.end())
        ? place + line.substring(first.end())
        : place + ": " + line;
  }

  private static int order(String line) {
    Matcher place = PLACE.matcher(line);
    return place.find()
        ? Integer.parseInt(place.group(1)) * 10_000 + Integer.parseInt(place.group(2))
        : Integer.MAX_VALUE;
  }
}
