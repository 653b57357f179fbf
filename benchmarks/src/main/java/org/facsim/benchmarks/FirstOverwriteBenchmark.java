/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
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

/**
 * The first 4 KiB write after a clone: the whole path from the root to the leaf is copied. Each
 * sample writes a random block of a clone made just before; making it is not timed, and all are
 * removed after the iteration, so that reclaim does not run beside the next sample.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:MaxDirectMemorySize=4g"})
@Warmup(iterations = 10, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 400, timeUnit = TimeUnit.MILLISECONDS)
public class FirstOverwriteBenchmark {
  @Param("16896")
  public int mappedMib;

  private final SplittableRandom random = new SplittableRandom(1);
  private ArrayUnderTest under;
  private Inode file;
  private Inode clone;
  private ByteBuffer source;
  private long offsetBytes;
  private int made;

  @Setup(Level.Trial)
  public void map() {
    under = new ArrayUnderTest();
    file = under.createOfWords("file", mappedMib);
    source = ArrayUnderTest.bytes(Volume.BLOCK_BYTES);
  }

  @TearDown(Level.Trial)
  public void close() {
    under.close();
  }

  @Setup(Level.Invocation)
  public void cloneFile() {
    clone = under.cloneAs(file, "clone-" + made++);
    offsetBytes = ArrayUnderTest.randomBlock(random, mappedMib);
  }

  @TearDown(Level.Iteration)
  public void removeClones() {
    while (made > 0) {
      under.remove("clone-" + --made);
    }
    under.array.awaitReclaim();
  }

  @Benchmark
  public ByteBuffer afterClone() {
    under.write(clone, offsetBytes, source.rewind());
    return source;
  }
}
