/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What many small files cost: how fast they are created, found and listed, how soon they are there
 * again after a restart, and how much host memory each takes. Run it in the heap that it is to be
 * shown for.
 */
public final class NamesTable {
  private static final int FILES = 5_000_000;

  private NamesTable() {}

  /**
   * Measures and prints; exit code 1 if a goal is missed.
   *
   * @param arguments how many files, or nothing
   */
  public static void main(String[] arguments) throws IOException {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    int files = arguments.length == 0 ? FILES : Integer.parseInt(arguments[0]);
    Goals goals = new Goals();
    goals.note(
        "the JVM's heap at most", Goals.size((int) (Runtime.getRuntime().maxMemory() >> 20)));
    ManyNames.measure(ManyNames.Shape.ONE_DIRECTORY, files, goals);
    ManyNames.measure(ManyNames.Shape.MANY_DIRECTORIES, files, goals);
    ManyNames.measure(ManyNames.Shape.ONE_BLOCK_EACH, files, goals);
    Path directory = ScratchDirectory.make("facsim-names");
    try {
      ManyNames.measureRestart(directory, files, goals);
    } finally {
      ScratchDirectory.remove(directory);
    }
    out.println();
    Machine.describe(out);
    out.println();
    goals.print(out);
    System.exit(goals.allMet() ? 0 : 1);
  }
}
