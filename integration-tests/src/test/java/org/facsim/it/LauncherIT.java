/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher itself, apart from what it launches. */
class LauncherIT {
  @TempDir private Path folder;

  @Test
  void worksFromAnyFolderAndThroughLinksToLinks() throws IOException {
    Path first = Files.createSymbolicLink(folder.resolve("first"), Processes.launcher());
    Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of(first.toString()));
    Outcome outcome = Processes.run(List.of("sh", "-c", "cd / && " + second + " --version"));
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(0);
    assertThat(outcome.out()).startsWith("facsim ");
    assertThat(outcome.err()).as("no build, no warning").isEmpty();
  }

  @Test
  void aJavaHomeWithoutJavaIsOneLineAndExitCode1() {
    Outcome outcome =
        Processes.run(List.of("env", "JAVA_HOME=" + folder, Processes.launcher().toString()));
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err())
        .isEqualToIgnoringNewLines(
            "facsim: JAVA_HOME is "
                + folder
                + ", which has no bin/java; set it to a JDK 17 or newer");
  }

  @Test
  void anOldJavaIsOneLineAndExitCode1() throws IOException {
    Path java = Files.createDirectories(folder.resolve("bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\nexit 99\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"11.0.2\"\n");
    Outcome outcome =
        Processes.run(List.of("env", "JAVA_HOME=" + folder, Processes.launcher().toString()));
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err().lines()).hasSize(1);
    assertThat(outcome.err()).contains("is Java 11.0.2", "17 or newer");
  }
}
