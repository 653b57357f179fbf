/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.nio.ByteBuffer;
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

/**
 * Sequential reads and writes of 1 MiB, with bytes, over and over a file; and the same walk as a
 * plain copy between a buffer of 1 MiB and one as large as the file. One operation moves 1 MiB.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend = {"-Xmx2g", "-XX:MaxDirectMemorySize=4g"})
@Warmup(iterations = 5, time = 400, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 7, time = 400, timeUnit = TimeUnit.MILLISECONDS)
public class SequentialBenchmark {
  private static final int MIB = ArrayUnderTest.MIB;

  @Param("1024")
  public int mappedMib;

  private ArrayUnderTest under;
  private Inode file;
  private ByteBuffer buffer;
  private ByteBuffer large;
  private int turn;

  @Setup(Level.Trial)
  public void map() {
    under = new ArrayUnderTest();
    file = under.createOfBytes("file", mappedMib);
    buffer = ArrayUnderTest.bytes(MIB);
    large = ByteBuffer.allocateDirect(mappedMib * MIB);
    for (int at = 0; at < large.capacity(); at += MIB) {
      large.put(at, buffer, 0, MIB);
    }
  }

  @TearDown(Level.Trial)
  public void close() {
    under.close();
  }

  @Benchmark
  public ByteBuffer write() {
    under.write(file, next(), buffer.rewind());
    return buffer;
  }

  @Benchmark
  public int read() {
    return under.read(file, next(), buffer.clear());
  }

  @Benchmark
  public ByteBuffer plainCopyIn() {
    return large.put(next(), buffer, 0, MIB);
  }

  @Benchmark
  public ByteBuffer plainCopyOut() {
    return buffer.put(0, large, next(), MIB);
  }

  private int next() {
    turn = turn + 1 == mappedMib ? 0 : turn + 1;
    return turn * MIB;
  }
}
