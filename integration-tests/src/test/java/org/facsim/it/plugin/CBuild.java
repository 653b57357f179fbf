/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;

/** Builds the C programs of these tests, and runs them under valgrind. */
final class CBuild {
  /** What valgrind exits with when it found an error or a leak; no program here does. */
  static final int VALGRIND_ERROR = 99;

  private static final Map<String, String> TOOLS =
      Map.of("gcc", "gcc", "make", "make", "rpcgen", "rpcsvc-proto", "valgrind", "valgrind");
  private static final Path TIRPC = Path.of("/usr/include/tirpc/rpc/rpc.h");

  private static final Path PLUGIN_SOURCE =
      Path.of("..", "vaai-endpoint", "src", "main", "c").toAbsolutePath().normalize();

  private CBuild() {}

  /** Skips the test, by the name of what is missing, where C cannot be built and checked. */
  static void assumeTools() {
    TOOLS.forEach(
        (tool, debianPackage) ->
            assumeTrue(
                Processes.isInstalled(tool),
                tool + " is missing: apt-get install " + debianPackage));
    assumeTrue(Files.exists(TIRPC), TIRPC + " is missing: apt-get install libtirpc-dev");
  }

  /** Builds the reference plugin into a folder; the path of its tool. */
  static Path plugin(Path folder) {
    Outcome make =
        Processes.run(List.of("make", "-C", PLUGIN_SOURCE.toString(), "BUILD=" + folder, "CC=gcc"));
    assertThat(make.exitCode()).as("%s", make).isZero();
    assertThat(make.err()).as("warnings").isEmpty();
    return folder.resolve("vaai-plugin-cli");
  }

  /** Builds the client that plays the OpenSDS plugin; its path. */
  static Path openSdsClient(Path folder) {
    Path sources = Path.of("src", "test", "c");
    Path program = folder.resolve("opensds_client");
    List<String> command = new ArrayList<>(List.of("gcc", "-std=c11", "-D_DEFAULT_SOURCE"));
    command.addAll(List.of("-O1", "-g", "-Wall", "-Wextra", "-Wpedantic", "-Werror"));
    command.addAll(List.of("-isystem", "/usr/include/tirpc", "-o", program.toString()));
    command.add(sources.resolve("opensds_client.c").toString());
    command.add(sources.resolve("nfs3_client.c").toString());
    command.add(sources.resolve("nfs3_files.c").toString());
    command.add("-ltirpc");
    Outcome gcc = Processes.run(command);
    assertThat(gcc.exitCode()).as("%s", gcc).isZero();
    return program;
  }

  /** Runs a program under valgrind, which must find nothing. */
  static Outcome check(Path program, List<String> arguments) {
    return check(List.of(), program, arguments);
  }

  /**
   * Runs a program under valgrind, which must find nothing.
   *
   * @param prefix what valgrind is started by, for example to enter a network namespace
   */
  static Outcome check(List<String> prefix, Path program, List<String> arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.addAll(
        List.of(
            "valgrind",
            "--quiet",
            "--error-exitcode=" + VALGRIND_ERROR,
            "--leak-check=full",
            program.toString()));
    command.addAll(arguments);
    Outcome outcome = Processes.run(command);
    assertThat(outcome.exitCode()).as("valgrind: %s", outcome).isNotEqualTo(VALGRIND_ERROR);
    return outcome;
  }
}
