/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Measures every goal of the copy-on-write store in one run and prints the table. Exit code 1 if a
 * goal is missed. Needs about 12 GiB of memory.
 *
 * <p>The stages come in this order for a reason: what forks comes first, while this JVM is small;
 * what needs the largest file shares one; deleting it comes last.
 */
public final class StoreTable {
  private final Scale scale;
  private final Goals goals = new Goals();
  private final JmhGoals jmh;
  private final PrintStream progress;

  StoreTable(Scale scale, String jmhLogFile, PrintStream progress) {
    this.scale = scale;
    this.progress = progress;
    jmh = new JmhGoals(scale, goals, jmhLogFile);
  }

  /**
   * Measures and prints; exit code 1 if a goal is missed.
   *
   * @param arguments the file for JMH's own report; then, optionally, the size of the largest file
   *     in GiB, for machines with less memory
   */
  public static void main(String[] arguments) {
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    Scale scale = arguments.length > 1 ? Scale.upTo(Integer.parseInt(arguments[1])) : Scale.FULL;
    Goals goals = new StoreTable(scale, arguments[0], System.err).measure();
    out.println();
    Machine.describe(out);
    out.println();
    goals.print(out);
    System.exit(goals.allMet() ? 0 : 1);
  }

  Goals measure() {
    stage("random overwrites", jmh::measureOverwrites);
    stage("sequential reads and writes", jmh::measureSequential);
    stage("a reader beside a writer", jmh::measureMixed);
    stage("stable writes", () -> DurableTable.measureStableWrites(scale, goals));
    stage("restart", () -> DurableTable.measureRestart(launcher(), scale, goals));
    stage("whether readers wait", () -> ReadersNeverWait.measure(scale, goals));
    stage("many clones", () -> ManyClones.measure(scale, goals));
    stage("named states of many files", () -> NamedStates.measureFiles(scale, goals));
    stage("displaced clones", () -> DisplacedClone.measure(scale, scale.displacedMib(), goals));
    stage(
        "displaced clone of a whole disk",
        () -> DisplacedClone.measure(scale, scale.guestMib(), goals));
    stage("memory of blocks with bytes", () -> BlockMemory.measurePayload(scale, goals));
    stage("lock holds of reclaim", () -> FamilyDeletion.measureLockHold(scale, goals));
    stage("waits beside reclaim", () -> FamilyDeletion.measureLockWaits(scale, goals));
    try {
      stage("mapping large files", () -> BlockMemory.measureWords(scale, goals));
      stage("clones and ledgers at every size", jmh::measureSizes);
      stage("named states of large files", () -> NamedStates.measureBlocks(scale, goals));
      stage("deleting the largest family", () -> FamilyDeletion.measureRate(scale, goals));
    } finally {
      SharedFiles.close();
    }
    return goals;
  }

  /** Null where only this JVM is at hand. */
  private static String launcher() {
    return System.getProperty("facsim.launcher");
  }

  private void stage(String name, Runnable work) {
    long start = System.nanoTime();
    progress.printf("%-36s", name);
    progress.flush();
    work.run();
    progress.printf(
        "%4d s, load %.1f%n",
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start), Machine.load());
  }
}
