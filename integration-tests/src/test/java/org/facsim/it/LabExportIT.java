/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.facsim.it.Processes.Outcome;
import org.facsim.protocol.testing.FreePorts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An exported incident as a lab platform runs it: the scripts alone, each in a shell of its own,
 * with nothing but the environment that docs/labs.md names.
 */
class LabExportIT {
  @TempDir private Path folder;

  @Test
  void theScriptsSetUpRefuseAccept() throws Exception {
    Path step = folder.resolve("step");
    Outcome exported =
        Processes.facsim(
            "lab", "export", "blocked-clone-protocol", step.toString(), "--lab-seed", "5");
    assertThat(exported.exitCode()).as("%s", exported).isZero();
    String http = "127.0.0.1:" + FreePorts.attempt(port -> port);
    try {
      Outcome setUp = run(http, step, "setup.sh");
      assertThat(setUp.exitCode()).as("%s", setUp).isZero();

      Outcome before = run(http, step, "check.sh");
      assertThat(before.exitCode()).as("%s", before).isEqualTo(1);
      assertThat(before.out()).startsWith("open, 0 of 100 points");

      Outcome solved = run(http, step, "solve.sh");
      assertThat(solved.exitCode()).as("%s", solved).isZero();
      Outcome after = run(http, step, "check.sh");
      assertThat(after.exitCode()).as("%s", after).isZero();
      assertThat(after.out()).startsWith("solved, ");
    } finally {
      Path pid = folder.resolve("facsim-lab.pid");
      if (Files.exists(pid)) {
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
            .ifPresent(
                server -> {
                  server.destroy();
                  server.onExit().join();
                });
      }
    }
  }

  private Outcome run(String http, Path step, String script) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "env",
                "FACSIM=" + Processes.launcher(),
                "FACSIM_HTTP=" + http,
                "FACSIM_LAB_DIR=" + folder,
                step.resolve(script).toString()));
    return Processes.run(command);
  }
}
