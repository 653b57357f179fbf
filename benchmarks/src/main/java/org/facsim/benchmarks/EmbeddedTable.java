/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.facsim.embedded.FacsimArray;

/**
 * What an array in a test's own process costs: the first in this JVM, each further one, and a
 * reset. The doors of an array answer when its start ends.
 */
final class EmbeddedTable {
  private static final double MAX_FIRST_NANOS = 400e6;
  private static final double MAX_FURTHER_NANOS = 20e6;
  private static final double MAX_RESET_NANOS = 5e6;
  private static final int FURTHER = 50;
  private static final int RESETS = 200;
  private static final int JOURNAL_ENTRIES = 2_000;
  private static final long VOLUME_BYTES = 1L << 30;
  private static final String FILE = "/ds/vm/base.vmdk";
  private static final int FILE_BYTES = 1 << 20;

  private EmbeddedTable() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    long begin = System.nanoTime();
    start().close();
    long first = System.nanoTime() - begin;
    Goals goals = new Goals();
    Machine.describe(out);
    goals.add(
        "first array of a JVM, started and closed",
        "< 400 ms",
        Goals.duration(first),
        first < MAX_FIRST_NANOS);
    add(goals, "each further array, started and closed", "< 20 ms", MAX_FURTHER_NANOS, further());
    add(goals, "a reset after a write, a clone and a removal", "< 5 ms", MAX_RESET_NANOS, resets());
    goals.print(out);
    System.exit(goals.allMet() ? 0 : 1);
  }

  private static void add(Goals goals, String what, String goal, double most, long[] nanos) {
    Arrays.sort(nanos);
    long median = nanos[nanos.length / 2];
    goals.add(
        what + ", median of " + nanos.length,
        goal,
        Goals.duration(median) + " (longest " + Goals.duration(nanos[nanos.length - 1]) + ")",
        median < most);
  }

  private static FacsimArray start() throws IOException {
    return FacsimArray.builder()
        .nfsPort(0)
        .seed(1)
        .journal(JOURNAL_ENTRIES)
        .volume("ds", VOLUME_BYTES)
        .start();
  }

  private static long[] further() throws IOException {
    long[] nanos = new long[FURTHER];
    for (int i = 0; i < nanos.length; i++) {
      long begin = System.nanoTime();
      start().close();
      nanos[i] = System.nanoTime() - begin;
    }
    return nanos;
  }

  private static long[] resets() throws IOException {
    long[] nanos = new long[RESETS];
    try (FacsimArray array = start()) {
      array.files().writeWords(FILE, FILE_BYTES, 1);
      array.keepAsStart();
      for (int i = 0; i < nanos.length; i++) {
        array.files().writeRandom("/ds/other", FILE_BYTES, i);
        array.files().clone(FILE, "/ds/clone.vmdk");
        array.files().delete(FILE);
        long begin = System.nanoTime();
        array.reset();
        nanos[i] = System.nanoTime() - begin;
        if (!array.files().exists(FILE) || array.files().exists("/ds/other")) {
          throw new IllegalStateException("the array is not what it was");
        }
      }
    }
    return nanos;
  }
}
