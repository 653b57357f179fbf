/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.facsim.services.units.NearestWord;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Finds variables of the environment that look as if they set an option of {@code facsim serve} and
 * set none, because they are mistyped. They are told and not refused: Kubernetes gives every
 * container variables of the services beside it, and {@code FACSIM_PORT} is one of a service that
 * is called facsim.
 */
final class UnknownVariables {
  private static final String PREFIX = "FACSIM_";

  /** What other parts of the program read. */
  private static final Set<String> OTHERS =
      Set.of(
          "FACSIM_CONFIG",
          "FACSIM_HEAP",
          "FACSIM_HTTP",
          "FACSIM_HTTP_FINGERPRINT",
          "FACSIM_IMAGE",
          "FACSIM_JAVA_OPTS",
          "FACSIM_LAB_DIR",
          "FACSIM_LOG_LEVEL",
          "FACSIM_TOKEN");

  /** What Kubernetes makes of a service that is called facsim, and what benchmarks set. */
  private static final Pattern NOT_MEANT =
      Pattern.compile("FACSIM_(?:PORT(?:_\\d+_.*)?|SERVICE_.*|BENCHMARKS_.*)");

  private UnknownVariables() {}

  /** A line for each, with the option that may be meant. */
  static List<String> in(Map<String, String> environment, CommandLine serve) {
    Set<String> known = new TreeSet<>(OTHERS);
    for (OptionSpec option : serve.getCommandSpec().options()) {
      known.add(ServeDefaults.variable(ServeDefaults.nameOf(option)));
    }
    List<String> suffixes = known.stream().map(UnknownVariables::withoutPrefix).toList();
    return environment.keySet().stream()
        .filter(name -> name.startsWith(PREFIX))
        .filter(name -> !known.contains(name) && !NOT_MEANT.matcher(name).matches())
        .sorted()
        .map(name -> line(name, suffixes))
        .toList();
  }

  private static String withoutPrefix(String name) {
    return name.substring(PREFIX.length());
  }

  private static String line(String name, List<String> suffixes) {
    return name
        + " in the environment sets nothing"
        + NearestWord.to(withoutPrefix(name), suffixes)
            .map(near -> "; did you mean '" + PREFIX + near + "'?")
            .orElse("; allowed: the options of 'facsim serve --help' in capitals");
  }
}
