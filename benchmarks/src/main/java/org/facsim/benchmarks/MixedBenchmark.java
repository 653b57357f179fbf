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
import org.openjdk.jmh.annotations.Group;
import org.openjdk.jmh.annotations.GroupThreads;
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
 * A reader and a writer of one file at random places, metadata only: the writer writes blocks of
 * one repeated word, which need no payload; the reader asks for one word.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:MaxDirectMemorySize=4g"})
@Warmup(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 400, timeUnit = TimeUnit.MILLISECONDS)
public class MixedBenchmark {
  /** The file that both work on. */
  @State(Scope.Group)
  public static class Shared {
    @Param("16896")
    public int mappedMib;

    private ArrayUnderTest under;
    private Inode file;

    @Setup(Level.Trial)
    public void map() {
      under = new ArrayUnderTest();
      file = under.createOfWords("file", mappedMib);
    }

    @TearDown(Level.Trial)
    public void close() {
      under.close();
    }
  }

  /** What each thread has for itself. */
  @State(Scope.Thread)
  public static class Own {
    private final SplittableRandom random = new SplittableRandom(System.nanoTime());
    private final ByteBuffer words = ArrayUnderTest.words();
    private final ByteBuffer word = ByteBuffer.allocateDirect(Long.BYTES);
  }

  @Benchmark
  @Group("mixed")
  @GroupThreads(1)
  public ByteBuffer writes(Shared shared, Own own) {
    int at = own.random.nextInt(own.words.capacity() / Volume.BLOCK_BYTES) * Volume.BLOCK_BYTES;
    own.words.limit(at + Volume.BLOCK_BYTES).position(at);
    shared.under.write(
        shared.file, ArrayUnderTest.randomBlock(own.random, shared.mappedMib), own.words);
    return own.words;
  }

  @Benchmark
  @Group("mixed")
  @GroupThreads(1)
  public int reads(Shared shared, Own own) {
    return shared.under.read(
        shared.file, ArrayUnderTest.randomBlock(own.random, shared.mappedMib), own.word.clear());
  }
}
