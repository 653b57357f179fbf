/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * {@code .ci/run} installs what tests say that they need, because a test that skips itself fails
 * it.
 */
class CiPackagesIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** What a skipped test says. */
  private static final Pattern ASKED =
      Pattern.compile("apt-get install ((?:[a-z0-9][a-z0-9.+-]* ?)+)");

  /** A row of the table of what the Linux guest is made of: program, package. */
  private static final Pattern NEEDED = Pattern.compile("new Needed\\(\"[^\"]+\", \"([^\"]+)\"\\)");

  private static final Pattern DEBIAN = Pattern.compile("\\(Debian: ([a-z0-9.+-]+)\\)");
  private static final Pattern PACKAGES = Pattern.compile("packages\\+?=\\(([^)]*)\\)");

  /** Every Debian has these. */
  private static final Set<String> ALWAYS_THERE = Set.of("util-linux", "coreutils", "mount", "tar");

  @Test
  void everyPackageThatATestAsksForIsInstalled() throws IOException {
    Map<String, Path> asked = asked();
    assertThat(asked.keySet()).contains("golang-go", "python3-pytest", "rpcbind", "krb5-user");

    Set<String> installed = new TreeSet<>(ALWAYS_THERE);
    PACKAGES
        .matcher(Files.readString(ROOT.resolve(".ci/run")))
        .results()
        .forEach(list -> installed.addAll(Arrays.asList(list.group(1).split(" "))));
    asked.keySet().removeAll(installed);

    assertThat(asked).as(".ci/run does not install these").isEmpty();
  }

  private static Map<String, Path> asked() throws IOException {
    Map<String, Path> asked = new TreeMap<>();
    DocumentedCommandsIT.TOOLS
        .values()
        .forEach(name -> asked.put(name, Path.of("DocumentedCommandsIT.java")));
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path tests :
          modules.map(each -> each.resolve("src/test/java")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(tests)) {
          for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
            String text = Files.readString(file);
            for (Pattern pattern : new Pattern[] {ASKED, NEEDED, DEBIAN}) {
              for (MatchResult match : pattern.matcher(text).results().toList()) {
                for (String name : Splitter.on(' ').omitEmptyStrings().split(match.group(1))) {
                  asked.put(name, file);
                }
              }
            }
          }
        }
      }
    }
    return asked;
  }
}
