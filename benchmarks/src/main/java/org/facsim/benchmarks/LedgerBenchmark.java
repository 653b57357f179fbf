/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.util.concurrent.TimeUnit;
import org.facsim.array.FileSpace;
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

/** Reading all figures of a file's ledger while a clone shares all its blocks but one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx4g", "-XX:MaxDirectMemorySize=12g"})
@Warmup(iterations = 3, time = 200, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 200, timeUnit = TimeUnit.MILLISECONDS)
public class LedgerBenchmark {
  private static final String CLONE = "ledger-clone";

  @Param({"1024", "16896", "1048576"})
  public int mappedMib;

  private ArrayUnderTest under;
  private Inode source;
  private Inode clone;

  @Setup(Level.Trial)
  public void map() {
    source = SharedFiles.ofSize(mappedMib);
    under = SharedFiles.array();
    clone = under.cloneAs(source, CLONE);
    under.write(clone, 0, ArrayUnderTest.bytes(4096));
  }

  @TearDown(Level.Trial)
  public void removeClone() {
    under.remove(CLONE);
  }

  @Benchmark
  public FileSpace source() {
    return under.volume.space().of(source);
  }

  @Benchmark
  public FileSpace changedClone() {
    return under.volume.space().of(clone);
  }
}
