/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.facsim.it.Processes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of docs/languages.md, by the commands of the page. */
class LanguageRecipesIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @TempDir private Path scratch;

  @Test
  void pytestHasAnArrayForEachTest() throws IOException {
    assumeTrue(
        Processes.isInstalled("python3")
            && Processes.run(List.of("python3", "-m", "pytest", "--version")).exitCode() == 0,
        "pytest is missing: apt-get install python3-pytest");
    assumeTrue(Processes.isInstalled("nfs-cp"), "nfs-cp is missing: apt-get install libnfs-utils");

    assertThat(printedBy("pytest")).contains(" passed").doesNotContain("skipped");
  }

  @Test
  void goSpeaksNfsWithoutModules() throws IOException {
    assumeTrue(Processes.isInstalled("go"), "go is missing: apt-get install golang-go");

    assertThat(printedBy("go test")).contains("ok  \torg.facsim/example");
  }

  /** Plays the block of the page that has a word. */
  private String printedBy(String word) throws IOException {
    Page.Block block =
        Page.read(ROOT, Path.of("docs", "languages.md")).blocks().stream()
            .filter(each -> each.triedBy().isPresent())
            .filter(each -> String.join("\n", each.lines()).contains(word))
            .findFirst()
            .orElseThrow();
    Map<String, String> environment = Map.of("GOFLAGS", "-count=1", "GOPROXY", "off");
    try (DocumentShell shell = DocumentShell.start(List.of(), ROOT, scratch, environment)) {
      DocumentShell.Outcome outcome = shell.run(ShellCommand.of(block).get(0).text());
      assertThat(outcome.exitCode()).as(outcome.printed()).isZero();
      System.out.println("documents: " + word + ": " + outcome.printed().strip());
      return outcome.printed();
    }
  }
}
