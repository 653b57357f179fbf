/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;

/** One volume, one thread: the lock taken around every call, whole blocks by number. */
final class BlockStoreFixture implements AutoCloseable {
  static final int BLOCK = BlockStore.BLOCK_BYTES;

  final BlockPool pool;
  final BlockStore store;

  BlockStoreFixture(long limitBlocks) {
    this(limitBlocks, Long.MAX_VALUE);
  }

  BlockStoreFixture(long limitBlocks, long directBytes) {
    pool = new BlockPool(limitBlocks, directBytes);
    store = new BlockStore(pool, limitBlocks);
  }

  <T> T locked(Supplier<T> action) {
    return inLock(store, action);
  }

  static <T> T inLock(BlockStore store, Supplier<T> action) {
    store.lock().lock();
    try {
      return action.get();
    } finally {
      store.lock().unlock();
    }
  }

  void locked(Runnable action) {
    locked(
        () -> {
          action.run();
          return null;
        });
  }

  FileMap file() {
    return locked(store::newMap);
  }

  FileMap cloneOf(FileMap source) {
    return locked(
        () -> {
          FileMap clone = store.newMap();
          store.sharing().cloneWhole(source, clone);
          return clone;
        });
  }

  void write(FileMap map, long block, byte[] bytes) {
    try (PreparedWrite prepared = store.prepare(block * BLOCK, ByteBuffer.wrap(bytes))) {
      locked(() -> store.write(map, prepared));
    }
  }

  byte[] read(FileMap map, long block) {
    ByteBuffer target = ByteBuffer.allocate(BLOCK);
    store.read(map, block * BLOCK, target);
    return target.array();
  }

  void release(FileMap map) {
    locked(() -> store.release(map));
  }

  long exclusive(FileMap map) {
    return locked(() -> store.figures().exclusiveBlocks(map));
  }

  void assertSound() {
    locked(() -> assertThat(StoreAudit.of(store)).isEmpty());
  }

  /** Blocks of noise, the same for the same seed. */
  static byte[] noise(long seed, int blocks) {
    byte[] bytes = new byte[blocks * BLOCK];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    pool.close();
    assertThat(pool.directBytes()).as("direct memory after close").isZero();
  }
}
