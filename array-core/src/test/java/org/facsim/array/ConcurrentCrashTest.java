/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.facsim.array.log.Interleaving;
import org.facsim.array.log.SimulatedCrash;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.log.file.SimulatedDisk.Trouble;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several writers, a committer and readers of one durable array whose power fails: what was
 * acknowledged as stable before is there with its value, everything else is as it was once, and the
 * array is in order. The disk drops what was not forced, which a killed process never shows.
 *
 * <p>In a chosen order of their steps, which a failure names, and freely beside each other. More
 * with {@code -Dfacsim.interleaving.schedules=1000}; shift with {@code
 * -Dfacsim.interleaving.seed=7}.
 */
class ConcurrentCrashTest {
  private static final int SCHEDULES = Integer.getInteger("facsim.interleaving.schedules", 60);

  /** From here on the first sixty orders show a payload write that is noted before it is made. */
  private static final long SEED = Long.getLong("facsim.interleaving.seed", 300);

  private static final long CAPACITY_BYTES = 4 << 20;

  private static Workbench on(SimulatedDisk disk) {
    return new Workbench(CAPACITY_BYTES, CAPACITY_BYTES, VolumeLimits.DEFAULT, disk);
  }

  @Test
  void whatWasAcknowledgedIsThereInEveryOrderOfSteps() {
    for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
      play(seed, false);
    }
  }

  @Test
  void whatWasAcknowledgedIsThereAlsoIfForcesFailInBetween() {
    for (long seed = SEED; seed < SEED + SCHEDULES; seed++) {
      play(seed, true);
    }
  }

  private static void play(long seed, boolean troubled) {
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedDisk disk = new SimulatedDisk(seed);
    Interleaving order = new Interleaving();
    try (Workbench bench = on(disk)) {
      ConcurrentWriters all = new ConcurrentWriters(bench, order::point, 2);
      disk.visit(moment -> order.point(moment.name()));
      if (troubled) {
        long from = disk.operations() + random.nextInt(12);
        disk.plan(Trouble.FAILING, from, from + 1 + random.nextInt(2));
      }
      for (ConcurrentWriters.Writer writer : all.writers()) {
        SplittableRandom ofWriter = random.split();
        order.actor(
            "writer " + order.size(),
            () -> work(writer, ofWriter, 3, () -> assertKept(bench, all)));
      }
      order.actor("committer", () -> commit(bench, order));
      order.actor("reader", () -> read(all, order));
      order.actor("power", () -> failPower(bench, all, order));
      order.run("seed " + seed, Interleaving.random(seed));
      disk.plan(Trouble.FAILING, Long.MAX_VALUE, Long.MAX_VALUE);
    }
  }

  private static void work(
      ConcurrentWriters.Writer writer, SplittableRandom random, int steps, Runnable acknowledged) {
    for (int i = 0; i < steps; i++) {
      try {
        writer.step(random, acknowledged);
      } catch (ArrayException e) {
        assertThat(e.error()).isEqualTo(ArrayError.IO); // the disk failed: nothing was changed
      }
    }
  }

  private static void commit(Workbench bench, Interleaving order) {
    for (int i = 0; i < 3; i++) {
      order.point("COMMITS");
      try {
        bench.array.commitIfDurable();
      } catch (ArrayException e) {
        // the next one tries again
      }
    }
  }

  private static void read(ConcurrentWriters all, Interleaving order) {
    for (int i = 0; i < 3; i++) {
      order.point("READS");
      all.writers().forEach(ConcurrentWriters.Writer::read);
    }
  }

  private static void failPower(Workbench bench, ConcurrentWriters all, Interleaving order) {
    for (int i = 0; i < 2; i++) {
      order.point("FAILS");
      assertKept(bench, all);
    }
  }

  /** On the side, so that the run goes on. */
  private static void assertKept(Workbench bench, ConcurrentWriters all) {
    ConcurrentWriters.Promise promise = all.promise();
    try (Workbench after = bench.copyAfterPowerFailure()) {
      all.judge(after, promise);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatWasAcknowledgedIsThereWhenThePowerFailsUnderManyThreads(long number) throws Exception {
    long seed = SEED + number;
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedDisk disk = new SimulatedDisk(seed);
    Workbench bench = on(disk);
    ConcurrentWriters all = new ConcurrentWriters(bench, where -> {}, 4);
    long last = disk.operations() + 300 + random.nextInt(200);
    disk.plan(Trouble.POWER_FAILURE, last, Long.MAX_VALUE);
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (ConcurrentWriters.Writer writer : all.writers()) {
      SplittableRandom ofWriter = random.split();
      running.add(
          CompletableFuture.runAsync(
              () -> workUntilTheEnd(writer, ofWriter, () -> disk.operations() < last)));
    }
    while (!running.stream().allMatch(CompletableFuture::isDone)) {
      assertKept(bench, all);
    }
    for (CompletableFuture<Void> each : running) {
      each.get(30, TimeUnit.SECONDS);
    }
    ConcurrentWriters.Promise promise = all.promise();
    bench.failPower();
    all.judge(bench, promise);
    bench.close();
  }

  /** After it every mutation is refused, or the power fails under the one that is under way. */
  private static void workUntilTheEnd(
      ConcurrentWriters.Writer writer, SplittableRandom random, BooleanSupplier hasPower) {
    try {
      while (hasPower.getAsBoolean()) {
        work(writer, random, 1, () -> {});
      }
    } catch (SimulatedCrash e) {
      // the power failed
    }
  }
}
