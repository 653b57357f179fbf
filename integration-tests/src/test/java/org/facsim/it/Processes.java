/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs programs to their end, with a limit. */
public final class Processes {
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private Processes() {}

  /** What a program said and how it ended. */
  public record Outcome(int exitCode, String out, String err) {}

  /** The launcher at the root of the source tree; tests run in their module's folder. */
  public static Path launcher() {
    return Path.of("..", "facsim").toAbsolutePath().normalize();
  }

  public static Outcome facsim(String... arguments) {
    List<String> command = new ArrayList<>(List.of(launcher().toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  public static Outcome run(List<String> command) {
    try {
      Path out = Files.createTempFile("facsim-it", ".out");
      Path err = Files.createTempFile("facsim-it", ".err");
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
          throw new AssertionError(command + " ran longer than " + LIMIT);
        }
        return new Outcome(
            process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
      } finally {
        Files.delete(out);
        Files.delete(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(command + " was interrupted", e);
    }
  }

  /** Whether a tool is there, see {@link #find}. */
  public static boolean isInstalled(String tool) {
    return find(tool).isPresent();
  }

  /** Where a tool is: on the PATH, or where Debian keeps the ones for administrators. */
  public static Optional<Path> find(String tool) {
    return Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":", -1))
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
