/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Supplies those options of {@code facsim serve} that the command line does not give: first from
 * the environment ({@code FACSIM_NFS_PORT} for {@code --nfs-port} and so on), then from the
 * configuration file.
 */
final class ServeDefaults implements IDefaultValueProvider {
  static final String CONFIG = "--config";

  static final String CONFIG_SHORT = "-c";

  /** Options that have no meaning in a file, or that have another form there. */
  private static final Set<String> COMMAND_LINE_ONLY =
      Set.of("help", "version", "config", "volume", "export", "exit-with");

  private static final Set<String> NOT_IN_ENVIRONMENT = Set.of("help", "version", "config");

  private final Map<String, String> environment;
  private final ServeConfiguration configuration;

  private ServeDefaults(Map<String, String> environment, ServeConfiguration configuration) {
    this.environment = environment;
    this.configuration = configuration;
  }

  /**
   * Reads the file that the arguments or the environment name, if there is one.
   *
   * @param serve the command, for the names of its options
   * @param arguments the whole command line
   */
  static ServeDefaults of(CommandLine serve, String[] arguments, Map<String, String> environment)
      throws ConfigException {
    String file = environment.getOrDefault(variable(CONFIG), "");
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].startsWith(CONFIG + "=")) {
        file = arguments[i].substring(CONFIG.length() + 1);
      } else if ((arguments[i].equals(CONFIG) || arguments[i].equals(CONFIG_SHORT))
          && i + 1 < arguments.length) {
        file = arguments[i + 1];
      } else if (arguments[i].startsWith(CONFIG_SHORT)) { // -cFILE or -c=FILE
        file = arguments[i].substring(CONFIG_SHORT.length()).replaceFirst("^=", "");
      }
    }
    return new ServeDefaults(
        Map.copyOf(environment),
        file.isEmpty()
            ? ServeConfiguration.NONE
            : ServeConfiguration.read(Path.of(file), namesInFile(serve)));
  }

  /**
   * What is right in a file, without any environment.
   *
   * @param mistakes gets what is wrong
   */
  static ServeDefaults toCheck(CommandLine serve, Path file, List<ConfigException> mistakes) {
    return new ServeDefaults(Map.of(), ServeConfiguration.read(file, namesInFile(serve), mistakes));
  }

  /** The same file without an option. */
  ServeDefaults without(String option) {
    return new ServeDefaults(environment, configuration.without(option));
  }

  private static Set<String> namesInFile(CommandLine serve) {
    Set<String> names = new TreeSet<>();
    for (OptionSpec option : serve.getCommandSpec().options()) {
      names.add(nameOf(option));
    }
    names.removeAll(COMMAND_LINE_ONLY);
    return names;
  }

  ServeConfiguration configuration() {
    return configuration;
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    ServeConfiguration.Value value = argument instanceof OptionSpec option ? find(option) : null;
    return value == null ? null : value.text();
  }

  /** What a command line of {@code facsim serve} was parsed with. */
  static ServeDefaults usedBy(CommandLine serve) {
    return serve.getDefaultValueProvider() instanceof ServeDefaults used
        ? used
        : new ServeDefaults(Map.of(), ServeConfiguration.NONE);
  }

  /** Whether the environment or the file gives an option. */
  boolean gives(OptionSpec option) {
    return find(option) != null;
  }

  /**
   * Where a wrong value of an option comes from; null if neither the environment nor the file gives
   * that value.
   *
   * @param wrong the value, or a part of it
   */
  String origin(OptionSpec option, String wrong) {
    ServeConfiguration.Value value = find(option);
    boolean ours = value != null && wrong != null && value.text().contains(wrong);
    return ours ? value.origin() : null;
  }

  /** What counts for an option that the command line does not give. */
  EffectiveSetting setting(OptionSpec option) {
    String name = nameOf(option);
    ServeConfiguration.Value value = find(option);
    String file = environment.getOrDefault(variable(CONFIG), "");
    if (option.longestName().equals(CONFIG) && !file.isEmpty()) {
      value = new ServeConfiguration.Value(file, variable(CONFIG));
    }
    if (value == null) {
      String standard = ServeOptionTable.standard(option);
      return new EffectiveSetting(name, standard, EffectiveSetting.Source.DEFAULT, "");
    }
    boolean fromEnvironment = value.origin().equals(variable(name));
    return new EffectiveSetting(
        name,
        value.text(),
        fromEnvironment ? EffectiveSetting.Source.ENVIRONMENT : EffectiveSetting.Source.FILE,
        value.origin());
  }

  private ServeConfiguration.Value find(OptionSpec option) {
    String name = nameOf(option);
    String variable = variable(name);
    String value = NOT_IN_ENVIRONMENT.contains(name) ? null : environment.get(variable);
    return value == null || value.isEmpty()
        ? configuration.options().get(name)
        : new ServeConfiguration.Value(value, variable);
  }

  /** An option's name without its dashes. */
  static String nameOf(OptionSpec option) {
    return option.longestName().replaceFirst("^-+", "");
  }

  /** Whether an option may be a field of the file, under its own name. */
  static boolean isInFile(String name) {
    return !COMMAND_LINE_ONLY.contains(name);
  }

  /** The environment variable of an option. */
  static String variable(String optionName) {
    return "FACSIM_"
        + optionName.replaceFirst("^-+", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
