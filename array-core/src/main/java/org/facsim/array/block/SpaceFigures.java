/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.List;
import java.util.function.LongSupplier;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.LiveBlocks;
import org.facsim.array.block.ledger.TrialDeletion;

/**
 * The figures of a store's ledger, in blocks. Methods take the lock unless their description says
 * "lock held".
 */
public final class SpaceFigures {
  /** Instead of a figure that only a walk can tell. */
  public static final long UNKNOWN = -1;

  private final BlockPool pool;
  private final StoreGate gate;
  private final Ledger ledger;
  private final LiveBlocks live;
  private final StoreReclaim reclaim;

  /** What the backlog would free, and the version of the volume for which this is right. */
  private long backlogAnswer;

  private long backlogVersion = -1;

  private long walks;

  SpaceFigures(
      BlockPool pool, StoreGate gate, Ledger ledger, LiveBlocks live, StoreReclaim reclaim) {
    this.pool = pool;
    this.gate = gate;
    this.ledger = ledger;
    this.live = live;
    this.reclaim = reclaim;
  }

  // ---------------------------------------------------------------- of files

  /**
   * How many blocks would be free if this file were deleted. It takes O(1). After a range clone
   * that moved blocks to other offsets, it may walk the map once, and then keeps the answer. Lock
   * held.
   */
  public long exclusiveBlocks(FileMap map) {
    long known = exclusiveBlocksIfKnown(map);
    if (known != UNKNOWN) {
      return known;
    }
    walks++;
    map.extra().exclusiveAnswer = TrialDeletion.of(ledger.nodes, ledger.blocks, map.root());
    map.extra().exclusiveVersion = gate.version();
    return map.extra().exclusiveAnswer;
  }

  /**
   * Answers as {@link #exclusiveBlocks(FileMap)}, but never walks the map. Lock held.
   *
   * @return {@link #UNKNOWN} if only a walk can tell
   */
  public long exclusiveBlocksIfKnown(FileMap map) {
    gate.checkLocked();
    if (!map.displaced || map.own == map.mapped) {
      return map.own;
    }
    long root = map.root();
    int top = (int) FileMap.pointer(root);
    if (top != 0 && edgesTo(top, FileMap.height(root)) > 1) {
      return 0; // somebody else holds all of it
    }
    return map.extra().exclusiveVersion == gate.version() ? map.extra().exclusiveAnswer : UNKNOWN;
  }

  private int edgesTo(int id, int height) {
    return height == 0 ? ledger.blocks.count(id) : ledger.nodes.count(id);
  }

  /** How many maps were walked so far to find the exclusive blocks of a file. Lock held. */
  public long walks() {
    gate.checkLocked();
    return walks;
  }

  /**
   * How many blocks would be free if these files were deleted together. It costs as much as the
   * answers for each of them. Lock held.
   */
  public long exclusiveBlocks(List<FileMap> maps) {
    gate.checkLocked();
    return switch (maps.size()) {
      case 0 -> 0;
      case 1 -> exclusiveBlocks(maps.get(0));
      default -> {
        walks++;
        yield TrialDeletion.ofAll(ledger.nodes, ledger.blocks, maps);
      }
    };
  }

  /**
   * How many of the {@link FileMap#chargedBlocks} the file maps itself. Its snapshots and clones
   * hold the others. It usually takes O(1), see {@link LiveBlocks}. Lock held.
   */
  public long liveBlocks(FileMap map) {
    gate.checkLocked();
    return live.of(map, gate.version());
  }

  /** A number that changes with every mutation, for answers that are worth keeping. Lock held. */
  public long version() {
    gate.checkLocked();
    return gate.version();
  }

  /** How many maps belong to files that are there. Lock held. */
  public long liveMaps() {
    return ledger.files.count(map -> !map.isReleased() && !map.hidden);
  }

  /** How many maps only named states hold. Lock held. */
  public long hiddenMaps() {
    return ledger.files.count(map -> !map.isReleased() && map.hidden);
  }

  /** How many bytes of the heap block maps and reservations take. It is slow. Lock held. */
  public long heapBytesOfMaps() {
    long bytes = 0;
    for (FileMap map : ledger.files.all()) {
      bytes += map.heapBytes();
    }
    return bytes;
  }

  // ---------------------------------------------------------------- of the volume

  /** The most blocks this volume may use. */
  public long limitBlocks() {
    return figure(ledger.capacity::limit);
  }

  /**
   * Changes the limit. If it is below what is used and reserved, it only keeps new blocks out. Lock
   * held.
   */
  public void setLimitBlocks(long limitBlocks) {
    gate.start();
    ledger.capacity.setLimit(limitBlocks);
  }

  /**
   * Physical blocks in use, including those that wait for reclaim. It is always the sum of all
   * charges.
   */
  public long usedBlocks() {
    return figure(ledger.capacity::used);
  }

  /** Blocks that are reserved for files and not used yet. */
  public long reservedBlocks() {
    return figure(ledger.capacity::promised);
  }

  /** The sum of what all files map. */
  public long referencedBlocks() {
    return figure(ledger::referenced);
  }

  /** Blocks that are charged to files that are gone, including those that wait for reclaim. */
  public long retainedBlocks() {
    return figure(ledger::retained);
  }

  /**
   * Blocks that wait for reclaim, which includes all blocks of a deleted volume. To find what
   * released maps still hold costs as much as {@link #exclusiveBlocks(List)}, and the answer is
   * kept. The figure is never too high: a block that several released maps hold counts with the
   * last of them.
   */
  public long reclaimPendingBlocks() {
    return figure(
        () ->
            gate.isAbandoned()
                ? ledger.capacity.used()
                : ledger.detached.blocks() + backlogBlocks());
  }

  private long backlogBlocks() {
    if (backlogVersion != gate.version()) {
      backlogAnswer = exclusiveBlocks(ledger.detached.waitingMaps());
      backlogVersion = gate.version();
    }
    return backlogAnswer;
  }

  /** How many blocks can still be allocated or reserved here, within the array's limit, too. */
  public long freeBlocks() {
    return figure(
        () ->
            Math.max(
                0,
                Math.min(
                    ledger.capacity.limit() - ledger.capacity.used() - ledger.capacity.promised(),
                    pool.freeBlocks())));
  }

  /** Whether blocks could be reserved if others were freed first. Lock held. */
  public boolean hasRoomAfter(long freedBlocks, long promisedBlocks) {
    gate.checkLocked();
    while (ledger.capacity.used() + ledger.capacity.promised() - freedBlocks + promisedBlocks
            > ledger.capacity.limit()
        && reclaim.takeStep()) {
      Thread.onSpinWait();
    }
    return ledger.capacity.used() + ledger.capacity.promised() - freedBlocks + promisedBlocks
        <= ledger.capacity.limit();
  }

  /** The same with the capacity of the whole array. Lock held. */
  public boolean arrayHasRoomFor(long blocks) {
    gate.checkLocked();
    while (blocks > pool.freeBlocks() && (reclaim.takeStep() || pool.reclaimElsewhere(ledger))) {
      Thread.onSpinWait();
    }
    return blocks <= pool.freeBlocks();
  }

  private long figure(LongSupplier value) {
    gate.lock.lock();
    try {
      return value.getAsLong();
    } finally {
      gate.lock.unlock();
    }
  }
}
