/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.util.concurrent.TimeUnit;
import org.facsim.array.Inode;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A whole-file clone under a new name: inode, directory entry and shared root. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:MaxDirectMemorySize=12g"})
@Warmup(iterations = 5, time = 300, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 300, timeUnit = TimeUnit.MILLISECONDS)
public class CloneBenchmark {
  @Param({"1024", "16896", "1048576"})
  public int mappedMib;

  private ArrayUnderTest under;
  private Inode source;
  private int removed;
  private int made;

  @Setup(Level.Trial)
  public void map() {
    source = SharedFiles.ofSize(mappedMib);
    under = SharedFiles.array();
  }

  /** Keeps the heap small; not timed. */
  @TearDown(Level.Iteration)
  public void removeClones() {
    for (; removed < made; removed++) {
      under.remove(name(removed));
    }
  }

  @Benchmark
  public Inode cloneAs() {
    return under.cloneAs(source, name(made++));
  }

  private String name(int number) {
    return "clone-" + mappedMib + "-" + number;
  }
}
