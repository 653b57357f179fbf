/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.SharedCapacity;
import org.facsim.array.block.memory.DirectMemory;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.memory.MetadataBudget;
import org.facsim.array.block.payload.ArenaRoom;
import org.facsim.array.block.payload.PayloadArena;

/**
 * What the volumes of one array share: the physical capacity, direct memory and payload slots, the
 * epochs of their readers, and the reclaimer. Thread-safe.
 *
 * <p>Order of locks: a volume's, then the payload arena's. Nobody waits for a second volume's lock
 * while holding one, except whoever takes all of them in one order. {@link #reclaimElsewhere} only
 * tries.
 */
public final class BlockPool implements AutoCloseable {
  private final SharedCapacity capacity;
  private final DirectMemory memory;
  private final MetadataBudget metadata;
  private final Epochs epochs = new Epochs();
  private final PayloadArena payload;
  private final List<BlockStore> stores = new CopyOnWriteArrayList<>();
  private final Reclaimer reclaimer = new Reclaimer(stores);
  private volatile boolean closed;

  /**
   * @param capacityBlocks physical blocks of the array, at least 1
   */
  public BlockPool(long capacityBlocks) {
    this(capacityBlocks, Long.MAX_VALUE, MetadataBudget.ofThisJvm());
  }

  /**
   * @param metadata how much of the heap the metadata of volumes may fill
   */
  public BlockPool(long capacityBlocks, MetadataBudget metadata) {
    this(capacityBlocks, Long.MAX_VALUE, metadata);
  }

  /**
   * @param directBytes the most direct memory to use, if less than the JVM has
   */
  BlockPool(long capacityBlocks, long directBytes) {
    this(capacityBlocks, directBytes, MetadataBudget.ofThisJvm());
  }

  private BlockPool(long capacityBlocks, long directBytes, MetadataBudget metadata) {
    capacity = new SharedCapacity(capacityBlocks);
    this.metadata = metadata;
    memory = new DirectMemory(directBytes);
    payload = new PayloadArena(memory, epochs);
  }

  public long capacityBlocks() {
    return capacity.blocks();
  }

  /** Physical blocks in use in all volumes, including those that wait for reclaim. */
  public long usedBlocks() {
    return stores.stream().mapToLong(store -> store.figures().usedBlocks()).sum();
  }

  /** Blocks that are reserved for files and not used yet, in all volumes. */
  public long reservedBlocks() {
    return stores.stream().mapToLong(store -> store.figures().reservedBlocks()).sum();
  }

  /** Blocks that wait for reclaim in all volumes, including deleted ones. */
  public long reclaimPendingBlocks() {
    return stores.stream().mapToLong(store -> store.figures().reclaimPendingBlocks()).sum();
  }

  /** Blocks that are neither used nor reserved. */
  public long freeBlocks() {
    return capacity.freeBlocks();
  }

  /** Room for a large write in memory: see {@link PayloadArena#room}. */
  public ArenaRoom room(int lengthBytes) {
    return payload.room(lengthBytes);
  }

  /** Direct memory that the pool holds for nodes, block entries and payload. */
  public long directBytes() {
    return memory.bytes();
  }

  /** The heap that metadata of all volumes may fill. */
  public MetadataBudget metadata() {
    return metadata;
  }

  /** Waits until every block that was freed before this call, in any volume, can be used again. */
  public void awaitReclaim() {
    stores.forEach(BlockStore::awaitReclaim);
  }

  /**
   * Closes every store and gives all direct memory back. Only the first call does anything.
   *
   * @throws org.facsim.array.ArrayException IO if a payload file could not be closed; all others
   *     are closed all the same
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    reclaimer.close();
    stores.forEach(BlockStore::shut);
    epochs.awaitReaders();
    RuntimeException failure = null;
    for (BlockStore store : stores) {
      try {
        store.freeTables();
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
      }
    }
    payload.close();
    if (failure != null) {
      throw failure;
    }
  }

  // ---------------------------------------------------------------- for the stores

  DirectMemory memory() {
    return memory;
  }

  Epochs epochs() {
    return epochs;
  }

  PayloadArena payload() {
    return payload;
  }

  boolean isClosed() {
    return closed;
  }

  void join(BlockStore store) {
    stores.add(store);
    reclaimer.start();
  }

  void leave(BlockStore store) {
    stores.remove(store);
  }

  SharedCapacity capacity() {
    return capacity;
  }

  void wakeReclaimer() {
    reclaimer.wake();
  }

  /**
   * Reclaims blocks of other volumes whose lock is free now. Returns whether there is hope, because
   * some were reclaimed, or wait for reclaim in a volume that is busy.
   */
  boolean reclaimElsewhere(Ledger asking) {
    boolean hope = false;
    for (BlockStore store : stores) {
      hope |= store.reclaimFor(asking);
    }
    return hope;
  }
}
