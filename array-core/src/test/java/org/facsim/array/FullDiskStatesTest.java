/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.array.engine.ArrayAudit;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.log.file.SmallDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Named states, writes and restarts on a disk that is full again and again, beside a model.
 * Whatever a caller was refused, the array starts again, and what was acknowledged and is not
 * overwritten is there.
 */
final class FullDiskStatesTest {
  private static final long MIB = 1 << 20;
  private static final long ENOUGH_BYTES = 200 * MIB;
  private static final int FILES = 6;
  private static final int BLOCKS = 16;
  private static final int STEPS = Integer.getInteger("facsim.fulldisk.steps", 150);
  private static final int SEEDS = Integer.getInteger("facsim.fulldisk.seeds", 3);

  @TempDir Path directory;

  private SmallDisk disk;
  private ArrayEngine array;
  private Volume volume;
  private SplittableRandom random;

  /** What a file may hold: what was acknowledged last, and what was refused since. */
  private Map<String, List<Integer>> files = new HashMap<>();

  private final Map<String, Map<String, List<Integer>>> states = new HashMap<>();
  private int salt;
  private int refusals;

  private void open(Path home, long capacityBytes) {
    disk = new SmallDisk(home, capacityBytes);
    array =
        ArrayEngine.open(
            new ArrayOptions(ENOUGH_BYTES, new TestClock(), 3), VolumeLimits.DEFAULT, disk, true);
    volume = array.volume("v").orElseGet(() -> array.createVolume("v", ENOUGH_BYTES));
  }

  /** Null, or the error, at once or when it is durable. */
  private ArrayError write(String name, int value) throws Exception {
    CompletableFuture<Throwable> durable = new CompletableFuture<>();
    try {
      Inode file =
          volume
              .names()
              .create(
                  Caller.ROOT,
                  volume.root(),
                  Name.of(name),
                  Workbench.UNCHECKED,
                  AttributeChanges.NONE)
              .inode();
      ByteBuffer bytes = ByteBuffer.wrap(Workbench.pattern(BLOCKS, value));
      long group = volume.files().write(Caller.ROOT, file, 0, bytes).transactionGroup();
      array.whenDurable(group, Runnable::run, durable::complete);
    } catch (ArrayException e) {
      return e.error();
    }
    Throwable failure = durable.get(60, TimeUnit.SECONDS);
    return failure == null ? null : ((ArrayException) failure).error();
  }

  private void step() throws Exception {
    int choice = random.nextInt(100);
    if (choice < 70) {
      String name = "f" + random.nextInt(FILES);
      int value = ++salt;
      ArrayError error = write(name, value);
      List<Integer> may = new ArrayList<>();
      if (error != null) {
        assertThat(error).isIn(ArrayError.NO_SPACE, ArrayError.IO);
        refusals++;
        may.addAll(files.getOrDefault(name, List.of(0)));
      }
      may.add(value);
      files.put(name, may);
    } else if (choice < 80) {
      String name = "s" + random.nextInt(3);
      ArrayError error = Workbench.errorOf(() -> array.saveState(name));
      if (error == null) {
        states.put(name, copyOf(files));
      } else if (error != ArrayError.EXISTS) {
        throw new Uncertain();
      }
    } else if (choice < 90) {
      String name = "s" + random.nextInt(3);
      ArrayError error = Workbench.errorOf(() -> array.restoreState(name));
      if (error == null) {
        files = copyOf(states.get(name));
      } else if (error != ArrayError.NOT_FOUND) {
        throw new Uncertain();
      }
    } else if (choice < 95) {
      String name = "s" + random.nextInt(3);
      if (Workbench.errorOf(() -> array.deleteState(name)) == null) {
        states.remove(name);
      }
    } else {
      disk.resize(random.nextBoolean() ? disk.usedBytes() : disk.usedBytes() + MIB);
    }
  }

  /** A state was refused half way, so that both outcomes are allowed: the model ends here. */
  private static final class Uncertain extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private static Map<String, List<Integer>> copyOf(Map<String, List<Integer>> given) {
    Map<String, List<Integer>> copy = new HashMap<>();
    given.forEach((name, values) -> copy.put(name, List.copyOf(values)));
    return copy;
  }

  private void assertFilesFit(String when) {
    files.forEach(
        (name, values) -> {
          if (values.contains(0)) {
            return; // it may not be there
          }
          ByteBuffer target = ByteBuffer.allocate(BLOCKS * Volume.BLOCK_BYTES);
          Inode file = volume.names().lookup(Caller.ROOT, volume.root(), Name.of(name));
          volume.files().read(Caller.ROOT, file, 0, target);
          assertThat(values)
              .as("%s: %s", when, name)
              .anySatisfy(
                  value -> assertThat(target.array()).isEqualTo(Workbench.pattern(BLOCKS, value)));
        });
  }

  @Test
  void anArrayStartsAgainWhateverAFullDiskRefused() throws Exception {
    for (long seed = 1; seed <= SEEDS; seed++) {
      random = new SplittableRandom(seed);
      files = new HashMap<>();
      states.clear();
      Path home = java.nio.file.Files.createDirectory(directory.resolve("seed" + seed));
      open(home, 4 * MIB);
      try {
        for (int step = 0; step < STEPS; step++) {
          step();
          if (random.nextInt(25) == 0) {
            String when = "seed " + seed + ", step " + step;
            boolean orderly = random.nextBoolean();
            ArrayError atEnd = orderly ? Workbench.errorOf(array::close) : null;
            array.abandon();
            assertThat(atEnd).as(when).isIn(null, ArrayError.NO_SPACE);
            open(home, Math.max(4 * MIB, disk.usedBytes())); // on a disk as full as it was
            assertFilesFit(when);
          }
        }
      } catch (Uncertain end) {
        array.abandon();
        open(home, Math.max(4 * MIB, disk.usedBytes()));
      }
      disk.resize(ENOUGH_BYTES);
      array.close();
      open(home, ENOUGH_BYTES);
      array.awaitReclaim();
      array.commitIfDurable();
      assertThat(ArrayAudit.of(array)).as("seed %d", seed).isEmpty();
      array.close();
    }
    assertThat(refusals).as("the disk was full").isPositive();
  }
}
