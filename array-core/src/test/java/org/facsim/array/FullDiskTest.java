/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.facsim.array.engine.ArrayAudit;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.log.file.SmallDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The host's disk at its end: data, log, images and catalog share one small budget. */
class FullDiskTest {
  private static final long MIB = 1 << 20;
  private static final long SMALL_BYTES = 6 * MIB;
  private static final long ENOUGH_BYTES = 200 * MIB;
  private static final int FILE_BLOCKS = 16;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  @TempDir Path directory;

  private SmallDisk disk;
  private ArrayEngine array;
  private Volume volume;

  /** Files whose contents were acknowledged as durable, with what is in them. */
  private final Map<String, Integer> acknowledged = new TreeMap<>();

  private int next;

  private void open(long capacityBytes) {
    disk = new SmallDisk(directory, capacityBytes);
    array =
        ArrayEngine.open(
            new ArrayOptions(ENOUGH_BYTES, new TestClock(), 3), VolumeLimits.DEFAULT, disk, true);
    volume = array.volume("v").orElseGet(() -> array.createVolume("v", ENOUGH_BYTES));
  }

  @AfterEach
  void close() {
    disk.resize(ENOUGH_BYTES);
    array.close();
  }

  /** What a stable change is answered with: null, or the error, at once or when it is durable. */
  private ArrayError outcome(Supplier<Mutation> change) throws Exception {
    CompletableFuture<Throwable> durable = new CompletableFuture<>();
    try {
      array.whenDurable(change.get().transactionGroup(), Runnable::run, durable::complete);
    } catch (ArrayException e) {
      return e.error();
    }
    Throwable failure = durable.get(60, TimeUnit.SECONDS);
    return failure == null ? null : ((ArrayException) failure).error();
  }

  private ArrayError make(String name) throws Exception {
    return outcome(
        () ->
            volume
                .names()
                .create(
                    Caller.ROOT,
                    volume.root(),
                    Name.of(name),
                    Workbench.UNCHECKED,
                    AttributeChanges.NONE)
                .directory());
  }

  private Inode find(String name) {
    return volume.names().lookup(Caller.ROOT, volume.root(), Name.of(name));
  }

  private ArrayError writeWhole(String name, int salt) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(Workbench.pattern(FILE_BLOCKS, salt));
    return outcome(() -> volume.files().write(Caller.ROOT, find(name), 0, bytes));
  }

  /** Makes and writes a file; returns the error of either. */
  private ArrayError store() throws Exception {
    int salt = ++next;
    String name = "f" + salt;
    ArrayError error = make(name);
    if (error == null) {
      error = writeWhole(name, salt);
    }
    if (error == null) {
      acknowledged.put(name, salt);
    }
    return error;
  }

  private byte[] read(String name) {
    ByteBuffer target = ByteBuffer.allocate(FILE_BLOCKS * Volume.BLOCK_BYTES);
    volume.files().read(Caller.ROOT, find(name), 0, target);
    return target.array();
  }

  private void assertAllIsThere() {
    acknowledged.forEach(
        (name, salt) ->
            assertThat(read(name)).as(name).isEqualTo(Workbench.pattern(FILE_BLOCKS, salt)));
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - deadline).as(what).isNegative();
      Thread.sleep(5);
    }
  }

  /** Data first, then names alone until neither goes any more. */
  private void fill() throws Exception {
    while (store() == null) {
      assertThat(next).isLessThan(10_000);
    }
    int refused = 0;
    for (int i = 0; refused < 5; i++) {
      assertThat(i).isLessThan(100_000);
      ArrayError error = make("name" + i);
      if (error != null) {
        assertThat(error).isEqualTo(ArrayError.NO_SPACE);
        refused++;
      }
    }
  }

  @Test
  void aFullDiskIsNoSpaceToWritersAndNothingToReadersAndAllWorksAfterwards() throws Exception {
    open(SMALL_BYTES);
    assertThat(store()).isNull();
    Reader reader = new Reader("f1", read("f1"));
    reader.start();
    fill();
    long before = reader.rounds.get();
    int refused = 0;
    for (int i = 0; i < 10; i++) { // a fold may make a little room meanwhile
      for (ArrayError error : new ArrayError[] {make("more" + i), store()}) {
        assertThat(error).isIn(null, ArrayError.NO_SPACE);
        refused += error == null ? 0 : 1;
      }
    }
    assertThat(refused).isGreaterThan(5);
    assertThat(disk.usedBytes()).isLessThanOrEqualTo(SMALL_BYTES);
    assertThat(disk.imageCount()).isLessThan(12);
    await("a reader beside a full disk", () -> reader.rounds.get() > before + 20);
    assertAllIsThere();

    disk.resize(ENOUGH_BYTES);
    await(
        "space that came back",
        () -> {
          try {
            return store() == null;
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    for (int i = 0; i < 20; i++) {
      assertThat(store()).isNull();
    }
    reader.end();
    assertThat(reader.failure.get()).isNull();
    assertThat(reader.longestNanos).isLessThan(TimeUnit.SECONDS.toNanos(5));
    assertAllIsThere();
    array.close();
    open(ENOUGH_BYTES);
    assertAllIsThere();
    array.awaitReclaim();
    array.commitIfDurable();
    assertThat(ArrayAudit.of(array)).isEmpty();
  }

  @Test
  void aFullDiskDoesNotKeepTheArrayFromStopping() throws Exception {
    open(SMALL_BYTES);
    fill();
    long from = System.nanoTime();
    assertThat(Workbench.errorOf(array::close)).isIn(null, ArrayError.NO_SPACE);
    assertThat(System.nanoTime() - from).isLessThan(TimeUnit.SECONDS.toNanos(10));
    open(ENOUGH_BYTES);
    assertAllIsThere();
    assertThat(store()).isNull();
  }

  /** Each start stores that it began, until the log has no room for that either. */
  @Test
  void aStartThatTheDiskDoesNotTakeServesReadersAndRefusesEveryChange() throws Exception {
    open(SMALL_BYTES);
    fill();
    int starts = 0;
    boolean isRefused = false;
    while (!isRefused) {
      assertThat(++starts).isLessThan(100);
      assertThat(Workbench.errorOf(array::close)).isIn(null, ArrayError.NO_SPACE);
      open(SMALL_BYTES);
      assertAllIsThere();
      String name = "unwaited" + starts;
      isRefused = Workbench.errorOf(() -> makeUnwaited(name)) == ArrayError.NO_SPACE;
    }
    String refused = "unwaited" + starts;
    assertThat(Workbench.errorOf(() -> find(refused))).isEqualTo(ArrayError.NOT_FOUND);
    assertThat(Workbench.errorOf(() -> array.saveState("s"))).isEqualTo(ArrayError.NO_SPACE);
    assertThat(array.states()).isEmpty();
    disk.resize(ENOUGH_BYTES);
    await("space that came back", () -> Workbench.errorOf(() -> makeUnwaited(refused)) == null);
    assertThat(store()).isNull();
    array.close();
    open(ENOUGH_BYTES);
    assertAllIsThere();
    assertThat(ArrayAudit.of(array)).isEmpty();
  }

  private void makeUnwaited(String name) {
    volume
        .names()
        .create(
            Caller.ROOT, volume.root(), Name.of(name), Workbench.GUARDED, AttributeChanges.NONE);
  }

  /** A good client: reads one file all the time. */
  private final class Reader extends Thread {
    private final String name;
    private final byte[] expected;
    private volatile boolean ends;
    final AtomicLong rounds = new AtomicLong();
    private volatile long longestNanos;
    final AtomicReference<Throwable> failure = new AtomicReference<>();

    Reader(String name, byte[] expected) {
      this.name = name;
      this.expected = expected;
    }

    @Override
    public void run() {
      try {
        while (!ends) {
          long from = System.nanoTime();
          assertThat(read(name)).isEqualTo(expected);
          longestNanos = Math.max(longestNanos, System.nanoTime() - from);
          rounds.incrementAndGet();
        }
      } catch (Throwable e) {
        failure.set(e);
      }
    }

    void end() throws InterruptedException {
      ends = true;
      join();
    }
  }

  @Test
  void changesThatNobodyWaitsForAreRefusedBeforeTheyFillMemory() throws Exception {
    open(SMALL_BYTES);
    fill();
    List<String> made = new ArrayList<>();
    ArrayError refused = null;
    for (int i = 0; refused == null; i++) {
      assertThat(i).isLessThan(2_000_000);
      String name = "unwaited" + i;
      try {
        volume
            .names()
            .create(
                Caller.ROOT,
                volume.root(),
                Name.of(name),
                Workbench.GUARDED,
                AttributeChanges.NONE);
        made.add(name);
      } catch (ArrayException e) {
        refused = e.error();
        assertThat(Workbench.errorOf(() -> find(name))).isEqualTo(ArrayError.NOT_FOUND);
      }
    }
    assertThat(refused).isEqualTo(ArrayError.NO_SPACE);
    assertThat(made).hasSizeGreaterThan(10_000);
    assertThat(Workbench.errorOf(() -> array.saveState("s"))).isEqualTo(ArrayError.NO_SPACE);
    assertThat(array.states()).isEmpty();
    disk.resize(ENOUGH_BYTES);
    await("space that came back", () -> Workbench.errorOf(() -> array.saveState("s")) == null);
    assertThat(store()).isNull();
    array.close();
    open(ENOUGH_BYTES);
    assertThat(find(made.get(made.size() - 1)).attributes().linkCount()).isEqualTo(1);
    assertAllIsThere();
  }
}
