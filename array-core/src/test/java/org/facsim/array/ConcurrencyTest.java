/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.pattern;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers without a lock beside writers. Each test runs for a fixed number of writer rounds. */
class ConcurrencyTest {
  private final Workbench bench = new Workbench();
  private final Volume volume = bench.volume;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final AtomicBoolean done = new AtomicBoolean();

  @AfterEach
  void close() throws InterruptedException {
    threads.shutdown();
    assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    bench.close();
  }

  private static Void reading(AtomicBoolean done, Runnable round) {
    while (!done.get()) {
      round.run();
    }
    round.run();
    return null;
  }

  /** Runs a writer to its end, and readers until then; rethrows what any of them threw. */
  private void race(Callable<Void> writer, Runnable... readers) throws Exception {
    List<Future<Void>> running = new ArrayList<>();
    for (Runnable reader : readers) {
      running.add(threads.submit(() -> reading(done, reader)));
    }
    try {
      writer.call();
    } finally {
      done.set(true);
    }
    for (Future<Void> reader : running) {
      try {
        reader.get(10, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        throw new AssertionError("a reader failed", e.getCause());
      }
    }
  }

  @Test
  void namesThatStayAreFoundWhileOthersComeAndGo() throws Exception {
    Inode[] fixed = new Inode[200];
    for (int i = 0; i < fixed.length; i++) {
      fixed[i] = bench.file("fixed" + i);
    }
    race(
        () -> {
          for (int i = 0; i < 30_000; i++) {
            bench.file("f" + i);
            volume
                .names()
                .rename(Caller.ROOT, bench.root, name("f" + i), bench.root, name("g" + i));
            volume.names().remove(Caller.ROOT, bench.root, name("g" + i));
          }
          return null;
        },
        () -> {
          for (int i = 0; i < fixed.length; i++) {
            assertThat(bench.lookup(bench.root, "fixed" + i)).isSameAs(fixed[i]);
            assertThat(bench.array.resolve(fixed[i].handle())).isSameAs(fixed[i]);
          }
        },
        () ->
            assertThat(bench.names(bench.root).stream().filter(n -> n.startsWith("fixed")))
                .hasSize(fixed.length)
                .doesNotHaveDuplicates());
  }

  @Test
  void aNameThatIsRenamedOverIsNeverMissing() throws Exception {
    bench.file("target");
    race(
        () -> {
          for (int i = 0; i < 30_000; i++) {
            bench.file("new");
            volume.names().rename(Caller.ROOT, bench.root, name("new"), bench.root, name("target"));
          }
          return null;
        },
        () -> assertThat(bench.lookup(bench.root, "target")).isNotNull(),
        () -> assertThat(bench.names(bench.root)).containsOnlyOnce("target"));
  }

  @Test
  void attributesAreSeenWholeAndInOrder() throws Exception {
    Inode file = bench.file("f");
    AtomicLong lastSeen = new AtomicLong();
    race(
        () -> {
          SplittableRandom random = new SplittableRandom(1);
          for (int i = 0; i < 50_000; i++) {
            long size = random.nextLong(1 << 30);
            volume
                .attributes()
                .setAttributes(
                    Caller.ROOT,
                    file,
                    new AttributeChanges(
                        (int) (size & 0777),
                        size & 0xffff,
                        size & 0xfff,
                        size,
                        AttributeChanges.TimeChange.KEEP,
                        AttributeChanges.TimeChange.KEEP),
                    null);
          }
          return null;
        },
        () -> {
          FileAttributes seen = file.attributes();
          if (seen.sizeBytes() > 0) {
            assertThat(seen.mode()).isEqualTo(seen.sizeBytes() & 0777);
            assertThat(seen.uid()).isEqualTo(seen.sizeBytes() & 0xffff);
          }
          assertThat(seen.changeCounter()).isGreaterThanOrEqualTo(lastSeen.get());
          lastSeen.set(seen.changeCounter());
        });
  }

  /** The file is always one whole pattern, short or long. */
  @Test
  void aReadMatchesTheSizeItReports() throws Exception {
    Inode file = bench.file("f");
    Inode small = bench.file("small");
    Inode large = bench.file("large");
    bench.writeBlocks(small, 0, 1, 1);
    bench.writeBlocks(large, 0, 8, 2);
    volume.clones().cloneFile(Caller.ROOT, small, file);
    byte[] smallData = pattern(1, 1);
    byte[] largeData = pattern(8, 2);
    race(
        () -> {
          for (int i = 0; i < 30_000; i++) {
            volume.clones().cloneFile(Caller.ROOT, i % 2 == 0 ? large : small, file);
          }
          return null;
        },
        () -> {
          ByteBuffer target = ByteBuffer.allocate(8 * Volume.BLOCK_BYTES);
          var result = volume.files().read(Caller.ROOT, file, 0, target);
          byte[] data = new byte[result.countBytes()];
          target.flip().get(data);
          byte[] expected = data.length == largeData.length ? largeData : smallData;
          assertThat(Arrays.equals(data, expected)).isTrue();
          assertThat(result.endOfFile()).isEqualTo(data.length == result.attributes().sizeBytes());
        });
  }

  @Test
  void readersNeverWaitForTheLock() throws Exception {
    Inode file = bench.file("f");
    bench.writeBlocks(file, 0, 1, 1);
    Workbench.inner(volume).lock().lock();
    try {
      Future<Boolean> reader =
          threads.submit(
              () -> {
                Inode found = bench.lookup(bench.root, "f");
                return bench.array.resolve(found.handle()).attributes().sizeBytes() == 4096
                    && bench.read(found).length == 4096
                    && bench.names(bench.root).size() == 1
                    && volume.attributes().access(Caller.ROOT, found, 1) == 1;
              });
      assertThat(reader.get(5, TimeUnit.SECONDS)).isTrue();
    } finally {
      Workbench.inner(volume).lock().unlock();
    }
  }

  @Test
  void writersOfManyThreadsLoseNothing() throws Exception {
    int writers = 4;
    int files = 1500;
    List<Future<Void>> running = new ArrayList<>();
    for (int w = 0; w < writers; w++) {
      int writer = w;
      running.add(
          threads.submit(
              () -> {
                for (int i = 0; i < files; i++) {
                  Inode file = bench.file("w" + writer + "-" + i);
                  bench.writeBlocks(file, i % 5, 1, writer);
                  if (i % 3 == 0) {
                    volume.names().remove(Caller.ROOT, bench.root, name("w" + writer + "-" + i));
                  }
                }
                return null;
              }));
    }
    for (Future<Void> each : running) {
      each.get(30, TimeUnit.SECONDS);
    }
    bench.array.awaitReclaim();
    int left = writers * (files - files / 3);
    assertThat(bench.names(bench.root)).hasSize(left).doesNotHaveDuplicates();
    assertThat(volume.space().ofVolume())
        .returns(1L + left, VolumeSpace::inodes)
        .returns((long) left * Volume.BLOCK_BYTES, VolumeSpace::physicalUsedBytes)
        .returns((long) left * Volume.BLOCK_BYTES, VolumeSpace::referencedBytes);
  }
}
