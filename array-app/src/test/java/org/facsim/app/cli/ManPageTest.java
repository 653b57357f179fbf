/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class ManPageTest {
  private static final String PAGE = ManPage.of("2026-11-30", "1.2.3");

  @TempDir private Path folder;

  @Test
  void namesEveryCommandAndEveryOption() {
    CommandLine facsim = new CommandLine(new FacsimCommand());
    facsim.getSubcommands().forEach(ManPageTest::assertNamed);
    assertThat(PAGE).doesNotContain("${", "%n", "%s");
  }

  private static void assertNamed(String name, CommandLine command) {
    assertThat(PAGE).contains(".SS \"facsim " + name.replace("-", "\\-"));
    for (OptionSpec option : command.getCommandSpec().options()) {
      if (!option.hidden() && !option.usageHelp() && !option.versionHelp()) {
        assertThat(PAGE).contains(option.longestName().replace("-", "\\-"));
      }
    }
  }

  @Test
  void manReadsItWithoutAWarning() throws IOException, InterruptedException {
    assumeTrue(
        Stream.of("/usr/bin/man", "/bin/man").map(Path::of).anyMatch(Files::isExecutable),
        "no man");
    Path file = folder.resolve("facsim.1");
    Files.writeString(file, PAGE, UTF_8);
    ProcessBuilder man =
        new ProcessBuilder(
            "man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", file.toString());
    man.environment().put("LC_ALL", "C.UTF-8");
    man.environment().put("MANWIDTH", "80");
    Path errors = folder.resolve("errors");
    Process process =
        man.redirectError(errors.toFile()).redirectOutput(folder.resolve("out").toFile()).start();
    assertThat(process.waitFor()).isZero();
    assertThat(Files.readString(errors)).isEmpty();
    assertThat(Files.size(folder.resolve("out"))).isGreaterThan(1000);
  }
}
