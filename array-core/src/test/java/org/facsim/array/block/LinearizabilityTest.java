/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Threads clone, write, read, truncate and delete in one store, in memory and in a file; every
 * history must be one that could have happened call by call.
 *
 * <p>Histories are recorded from threads that really run beside each other. Lincheck 3.7 cannot
 * steer this store: it refuses the VarHandles of byte buffers in which the tables lie.
 *
 * <p>Shift with {@code -Dfacsim.interleaving.seed=7}.
 */
class LinearizabilityTest {
  private static final long SEED = Long.getLong("facsim.interleaving.seed", 0);
  private static final int HISTORIES = 400;
  private static final int THREADS = 3;
  private static final int CALLS_OF_A_THREAD = 5;
  private static final int FILES = 3;
  private static final int BLOCKS = 2;
  private static final int BLOCK_BYTES = BlockStore.BLOCK_BYTES;
  private static final int MARK = 2000;

  /** One store and what its threads do; a file is read as the array reads it. */
  private static final class Scene {
    final BlockStore store;
    final AtomicReferenceArray<FileMap> files = new AtomicReferenceArray<>(FILES);
    final Linearizability<List<Integer>> history = new Linearizability<>();

    Scene(BlockStore store) {
      this.store = store;
      for (int file = 0; file < FILES; file++) {
        files.set(file, locked(store::newMap));
      }
    }

    private <T> T locked(Supplier<T> action) {
      return BlockStoreFixture.inLock(store, action);
    }

    private void lockedRun(Runnable action) {
      locked(
          () -> {
            action.run();
            return null;
          });
    }

    Void act(SplittableRandom random) {
      for (int i = 0; i < CALLS_OF_A_THREAD; i++) {
        int file = random.nextInt(FILES);
        int block = random.nextInt(BLOCKS);
        switch (random.nextInt(10)) {
          case 0, 1, 2 -> write(file, block, 1 + random.nextInt(100));
          case 3 -> copy(file, (file + 1 + random.nextInt(FILES - 1)) % FILES);
          case 4 -> truncate(file, block);
          case 5 -> delete(file);
          default -> read(file, block);
        }
      }
      return null;
    }

    private void note(long began, String text, UnaryOperator<List<Integer>> effect) {
      history.ended(began, text, effect);
    }

    private void write(int file, int block, int value) {
      long began = history.now();
      ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES).put(MARK, (byte) value);
      try (PreparedWrite prepared = store.prepare((long) block * BLOCK_BYTES, bytes)) {
        lockedRun(() -> store.write(files.get(file), prepared));
      }
      note(
          began,
          "write %d to %d.%d".formatted(value, file, block),
          state -> with(state, file, block, block + 1, value));
    }

    private void copy(int from, int to) {
      long began = history.now();
      lockedRun(() -> store.sharing().cloneWhole(files.get(from), files.get(to)));
      note(
          began,
          "clone %d to %d".formatted(from, to),
          state -> {
            List<Integer> next = state;
            for (int block = 0; block < BLOCKS; block++) {
              next = with(next, to, block, block + 1, state.get(from * BLOCKS + block));
            }
            return next;
          });
    }

    private void truncate(int file, int count) {
      long began = history.now();
      long size = (long) count * BLOCK_BYTES;
      lockedRun(() -> store.holes().truncate(files.get(file), (long) BLOCKS * BLOCK_BYTES, size));
      note(
          began,
          "truncate %d to %d".formatted(file, count),
          state -> with(state, file, count, BLOCKS, 0));
    }

    private void delete(int file) {
      long began = history.now();
      lockedRun(
          () -> {
            FileMap gone = files.getAndSet(file, store.newMap()); // before its blocks go
            store.release(gone);
          });
      note(began, "delete %d".formatted(file), state -> with(state, file, 0, BLOCKS, 0));
    }

    private void read(int file, int block) {
      long began = history.now();
      ByteBuffer bytes = ByteBuffer.allocate(BLOCK_BYTES);
      FileMap map;
      do {
        map = files.get(file);
        store.read(map, (long) block * BLOCK_BYTES, bytes.clear());
      } while (!map.equals(files.get(file)));
      int found = bytes.get(MARK);
      note(
          began,
          "read %d.%d: %d".formatted(file, block, found),
          state -> state.get(file * BLOCKS + block) == found ? state : null);
    }

    private static List<Integer> with(List<Integer> state, int file, int from, int to, int value) {
      List<Integer> next = new ArrayList<>(state);
      Collections.fill(next.subList(file * BLOCKS + from, file * BLOCKS + to), value);
      return List.copyOf(next);
    }
  }

  private static List<Integer> nothing() {
    return Collections.nCopies(FILES * BLOCKS, 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatThreadsDoCouldHaveBeenDoneOneAfterTheOther(boolean durable) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (BlockPool pool = new BlockPool(10_000)) {
      BlockStore store =
          durable ? new DurableVolume(SEED).open(pool, 10_000) : new BlockStore(pool, 10_000);
      for (int number = 0; number < HISTORIES; number++) {
        SplittableRandom random = new SplittableRandom(SEED + number);
        Scene scene = new Scene(store);
        CyclicBarrier together = new CyclicBarrier(THREADS);
        List<Future<Void>> running = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
          SplittableRandom ofThread = random.split();
          running.add(
              threads.submit(
                  () -> {
                    together.await();
                    return scene.act(ofThread);
                  }));
        }
        for (Future<Void> each : running) {
          each.get(30, TimeUnit.SECONDS);
        }
        assertThat(scene.history.holdsFrom(nothing()))
            .as("seed %d:%n%s", SEED + number, scene.history)
            .isTrue();
      }
      assertThat(BlockStoreFixture.inLock(store, store::audit)).isEmpty();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aReadOfWhatWasOverwrittenBeforeItBeganIsFoundOut() {
    Linearizability<List<Integer>> history = new Linearizability<>();
    history.ended(history.now(), "write 1", state -> List.of(1));
    long began = history.now();
    history.ended(history.now(), "write 2", state -> List.of(2));
    history.ended(began, "read 1", state -> state.get(0) == 1 ? state : null);
    assertThat(history.holdsFrom(List.of(0))).as("beside the second write").isTrue();
    history.ended(history.now(), "read 1", state -> state.get(0) == 1 ? state : null);
    assertThat(history.holdsFrom(List.of(0))).as("after it").isFalse();
  }
}
