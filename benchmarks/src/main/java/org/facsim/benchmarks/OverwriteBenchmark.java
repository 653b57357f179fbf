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

/** Random 4 KiB overwrites, with bytes, of blocks that nobody shares. One thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:MaxDirectMemorySize=4g"})
@Warmup(iterations = 10, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 400, timeUnit = TimeUnit.MILLISECONDS)
public class OverwriteBenchmark {
  private static final int SOURCES = 16;

  @Param("1024")
  public int mappedMib;

  private final SplittableRandom random = new SplittableRandom(1);
  private ArrayUnderTest under;
  private Inode file;
  private ByteBuffer source;

  @Setup(Level.Trial)
  public void map() {
    under = new ArrayUnderTest();
    file = under.createOfBytes("file", mappedMib);
    source = ArrayUnderTest.bytes(SOURCES * Volume.BLOCK_BYTES);
  }

  @TearDown(Level.Trial)
  public void close() {
    under.close();
  }

  @Benchmark
  public ByteBuffer privateBlock() {
    int at = random.nextInt(SOURCES) * Volume.BLOCK_BYTES;
    source.limit(at + Volume.BLOCK_BYTES).position(at);
    under.write(file, ArrayUnderTest.randomBlock(random, mappedMib), source);
    return source;
  }
}
