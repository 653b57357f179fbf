/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.log.Batch;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.RecordKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts of callers, which close a FileChannel for everybody. */
class DataChannelTest {
  private static final int ROUNDS = 300;
  private static final int INTERRUPTS = 20;

  @TempDir Path directory;

  @AfterEach
  void forgetTheInterrupt() {
    Thread.interrupted();
  }

  @Test
  void anInterruptedCallerReadsWritesAndForcesAndStaysInterrupted() throws IOException {
    try (DataChannel channel = open("f")) {
      Thread.currentThread().interrupt();
      channel.write(4096, ByteBuffer.wrap(new byte[] {1, 2, 3}));
      channel.force();
      ByteBuffer seen = ByteBuffer.allocate(5);
      channel.read(4096, seen);
      assertThat(seen.position()).isEqualTo(3);
      assertThat(seen.array()).containsExactly(1, 2, 3, 0, 0);
      assertThat(channel.sizeBytes()).isEqualTo(4099);
      assertThat(channel.tryLock()).isTrue();
      assertThat(Thread.currentThread().isInterrupted()).isTrue();
    }
  }

  @Test
  void anInterruptedCallerOpensUsesAndClosesADataDirectory() {
    Thread.currentThread().interrupt();
    try (DataDirectory home = DataDirectory.open(directory.resolve("d"));
        PayloadStore payload = home.payload(1)) {
      Batch batch = home.newBatch();
      batch.put(RecordKind.STATE, 0, 0, 1, ByteBuffer.allocate(9));
      home.metadata().append(batch);
      payload.write(0, ByteBuffer.allocate(4096));
      payload.force();
    }
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void threadsThatAreInterruptedAllTheTimeLoseNothing() throws Exception {
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicLong interruptsSeen = new AtomicLong();
    AtomicBoolean done = new AtomicBoolean();
    try (DataChannel channel = open("f")) {
      List<Thread> workers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        long place = i * 65_536L;
        byte salt = (byte) (i + 1);
        workers.add(
            new Thread(
                () -> {
                  try {
                    int seen = 0;
                    for (int round = 0; round < ROUNDS || seen < INTERRUPTS; round++) {
                      work(channel, place, (byte) (salt + round));
                      seen += Thread.interrupted() ? 1 : 0;
                    }
                    interruptsSeen.addAndGet(seen);
                  } catch (Throwable e) {
                    failures.add(e);
                  }
                }));
      }
      Thread interrupter =
          new Thread(
              () -> {
                while (!done.get()) {
                  workers.forEach(Thread::interrupt);
                  Thread.onSpinWait();
                }
              });
      workers.forEach(Thread::start);
      interrupter.start();
      for (Thread worker : workers) {
        worker.join();
      }
      done.set(true);
      interrupter.join();
    }
    assertThat(failures).isEmpty();
    assertThat(interruptsSeen.get()).isGreaterThanOrEqualTo(4 * INTERRUPTS);
  }

  private static void work(DataChannel channel, long place, byte value) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(8192);
    while (bytes.hasRemaining()) {
      bytes.put(value);
    }
    channel.write(place, bytes.flip());
    if (value % 16 == 0) {
      channel.force();
    }
    ByteBuffer seen = ByteBuffer.allocateDirect(8192);
    channel.read(place, seen);
    assertThat(seen.flip()).isEqualTo(bytes.flip());
  }

  private DataChannel open(String name) throws IOException {
    return DataChannel.open(
        directory.resolve(name),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }
}
