/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The goals of the durable home alone: stable writes and restart. Works in a directory that it
 * makes, and removes, under {@code java.io.tmpdir}: that decides which disk is measured.
 */
public final class DurableTable {
  private DurableTable() {}

  /**
   * Measures and prints; exit code 1 if a goal is missed.
   *
   * @param arguments the launcher; then, optionally, how many files and how many GiB a restart
   *     finds
   */
  public static void main(String[] arguments) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Scale scale = Scale.FULL;
    if (arguments.length > 2) {
      int files = Integer.parseInt(arguments[1]);
      scale = scale.withRestart(files, Integer.parseInt(arguments[2]) << 10);
    }
    Goals goals = new Goals();
    measureStableWrites(scale, goals);
    measureRestart(arguments[0], scale, goals);
    out.println();
    Machine.describe(out);
    out.println();
    goals.print(out);
    System.exit(goals.allMet() ? 0 : 1);
  }

  static void measureStableWrites(Scale scale, Goals goals) {
    inDirectory(directory -> StableWrites.measure(directory, scale, goals));
    inDirectory(directory -> StableBulkWrites.measure(directory, scale, goals));
  }

  static void measureRestart(String launcher, Scale scale, Goals goals) {
    inDirectory(directory -> Restart.measure(directory, launcher, scale, goals));
  }

  private static void inDirectory(java.util.function.Consumer<Path> work) {
    try {
      Path directory = Files.createTempDirectory("facsim-durable");
      try {
        work.accept(directory);
      } finally {
        remove(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }
}
