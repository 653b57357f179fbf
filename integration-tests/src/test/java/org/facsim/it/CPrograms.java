/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.facsim.it.Processes.Outcome;

/** Compiles the programs in {@code src/test/c}; a warning is an error. */
public final class CPrograms {
  private static final Path SOURCES = Path.of("src", "test", "c");
  private static final Path BUILT = Path.of("target", "c");

  private CPrograms() {}

  /**
   * Compiles {@code name.c} unless the program is there and newer.
   *
   * @param options for gcc, behind the source; one program is always asked for with the same ones
   */
  public static Path compile(String name, String... options) throws IOException {
    Path source = SOURCES.resolve(name + ".c");
    Path program = BUILT.resolve(name);
    if (Files.exists(program)
        && Files.getLastModifiedTime(program).compareTo(Files.getLastModifiedTime(source)) > 0) {
      return program;
    }
    Files.createDirectories(BUILT);
    List<String> command = new ArrayList<>(List.of("gcc", "-std=gnu11", "-O2"));
    command.addAll(List.of("-Wall", "-Wextra", "-Werror", "-D_FILE_OFFSET_BITS=64"));
    // under another name first, because another JVM with tests may want the program, too
    Path made = BUILT.resolve(name + "." + ProcessHandle.current().pid());
    command.addAll(List.of("-o", made.toString(), source.toString()));
    command.addAll(List.of(options));
    Outcome gcc = Processes.run(command);
    assertThat(gcc.exitCode()).as("%s: %s", command, gcc.err()).isEqualTo(0);
    Files.move(made, program, ATOMIC_MOVE);
    return program;
  }
}
