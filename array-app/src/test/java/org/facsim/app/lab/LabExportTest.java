/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lab as a step for lab platforms. */
class LabExportTest {
  private static final List<String> FILES =
      List.of("check.sh", "setup.sh", "solve.sh", "step.json", "text.md");

  @TempDir private Path directory;

  @Test
  void writesTextSetupCheckAndSolutionWithTheNamesOfTheSeed() throws Exception {
    Path step = directory.resolve("step");
    assertThat(LabExport.write("slow-clone", 5, step)).isEqualTo(FILES);
    LabFile lab = ShippedLabs.read("slow-clone", 5);
    assertThat(Files.readString(step.resolve("text.md")))
        .startsWith("# " + lab.title())
        .contains(lab.site().arrays().get("array").volumes().keySet().iterator().next());
    assertThat(Files.readString(step.resolve("setup.sh")))
        .contains("serve --lab slow-clone --lab-seed 5 ");
    assertThat(Files.readString(step.resolve("solve.sh")))
        .contains("\"$FACSIM\" lab answer vss-siblings " + lab.incident().orElseThrow().about());
    assertThat(
            new ObjectMapper().readTree(step.resolve("step.json").toFile()).path("seed").asText())
        .isEqualTo("5");
    for (String script : List.of("setup.sh", "check.sh", "solve.sh")) {
      assertThat(Files.isExecutable(step.resolve(script))).isTrue();
      Process check = new ProcessBuilder("sh", "-n", step.resolve(script).toString()).start();
      assertThat(check.waitFor()).as(script).isZero();
    }
  }

  @Test
  void takesTheFileOfALabAlong() throws Exception {
    Path file = directory.resolve("mine.yaml");
    Files.writeString(file, ShippedLabs.text("riddle").orElseThrow());
    Path step = directory.resolve("step");
    assertThat(LabExport.write(file.toString(), 5, step)).contains("lab.yaml");
    assertThat(step.resolve("lab.yaml")).hasSameTextualContentAs(file);
    assertThat(Files.readString(step.resolve("setup.sh"))).contains("/lab.yaml\"");
  }

  @Test
  void overwritesNothing() throws Exception {
    Files.createFile(directory.resolve("mine"));
    assertThatThrownBy(() -> LabExport.write("riddle", 1, directory))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(directory).isDirectoryNotContaining("glob:**.sh");
  }
}
