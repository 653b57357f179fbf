/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's qemu-img, which we did not write. */
final class QemuImg {
  private static final Path PROGRAM = Path.of("/usr/bin/qemu-img");

  private QemuImg() {}

  static void assumeInstalled() {
    assumeTrue(Files.isExecutable(PROGRAM), "skipped: qemu-img is not installed");
  }

  /** Runs it in a directory, expects success and returns what it printed. */
  static String run(Path directory, String... arguments) throws Exception {
    Result result = tryRun(directory, arguments);
    assertThat(result.exitCode()).as("%s: %s", List.of(arguments), result.text()).isZero();
    return result.text();
  }

  /** What it printed, and its exit code. */
  record Result(int exitCode, String text) {}

  static Result tryRun(Path directory, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(PROGRAM.toString()));
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(directory, "qemu-img", ".out");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    String text = Files.readString(output, UTF_8);
    Files.delete(output);
    assertThat(ended).as("%s ended: %s", command, text).isTrue();
    return new Result(process.exitValue(), text);
  }
}
