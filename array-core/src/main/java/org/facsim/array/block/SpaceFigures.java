/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.List;
import java.util.function.LongSupplier;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.LiveBlocks;
import org.facsim.array.block.ledger.TrialDeletion;

/** What the ledger of a store says, in blocks. Takes the lock, but for what says "lock held". */
public final class SpaceFigures {
  private final BlockPool pool;
  private final StoreGate gate;
  private final Ledger ledger;
  private final LiveBlocks live;
  private final StoreReclaim reclaim;

  /** What the backlog would free, and the version of the volume that it holds for. */
  private long backlogAnswer;

  private long backlogVersion = -1;

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
   * Blocks that would be free if this file were deleted. O(1); after a range clone that moved
   * blocks to other offsets it may walk the map once, then the answer is kept. Lock held.
   */
  public long exclusiveBlocks(FileMap map) {
    gate.checkLocked();
    if (!map.displaced || map.own == map.mapped) {
      return map.own;
    }
    if (map.extra().exclusiveVersion != gate.version()) {
      map.extra().exclusiveAnswer = TrialDeletion.of(ledger.nodes, ledger.blocks, map.root());
      map.extra().exclusiveVersion = gate.version();
    }
    return map.extra().exclusiveAnswer;
  }

  /**
   * Blocks that would be free if these files were deleted together; costs as the answers for each
   * of them. Lock held.
   */
  public long exclusiveBlocks(List<FileMap> maps) {
    gate.checkLocked();
    return switch (maps.size()) {
      case 0 -> 0;
      case 1 -> exclusiveBlocks(maps.get(0));
      default -> TrialDeletion.ofAll(ledger.nodes, ledger.blocks, maps);
    };
  }

  /**
   * Those of {@link FileMap#chargedBlocks} that the file maps itself; the others are held by its
   * snapshots and clones. O(1) as a rule, see {@link LiveBlocks}. Lock held.
   */
  public long liveBlocks(FileMap map) {
    gate.checkLocked();
    return live.of(map, gate.version());
  }

  /** Changes with every mutation; for answers that are worth keeping. Lock held. */
  public long version() {
    gate.checkLocked();
    return gate.version();
  }

  /** Maps of files that are there. Lock held. */
  public long liveMaps() {
    return ledger.files.count(map -> !map.isReleased() && !map.hidden);
  }

  /** Maps that only named states hold. Lock held. */
  public long hiddenMaps() {
    return ledger.files.count(map -> !map.isReleased() && map.hidden);
  }

  /** What block maps and promises take of the heap. Slow. Lock held. */
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
   * Changes the limit. One below what is used and promised only keeps new blocks out. Lock held.
   */
  public void setLimitBlocks(long limitBlocks) {
    gate.start();
    ledger.capacity.setLimit(limitBlocks);
  }

  /** Physical blocks in use, those on their way back included; always the sum of all charges. */
  public long usedBlocks() {
    return figure(ledger.capacity::used);
  }

  /** Promised to files and not yet used. */
  public long reservedBlocks() {
    return figure(ledger.capacity::promised);
  }

  /** Sum over all files of what they map. */
  public long referencedBlocks() {
    return figure(ledger::referenced);
  }

  /** Charged to files that are gone, those on their way back included. */
  public long retainedBlocks() {
    return figure(ledger::retained);
  }

  /**
   * Freed, and on their way back; all blocks of a deleted volume are. What released maps still hold
   * costs as {@link #exclusiveBlocks(List)}, then the answer is kept. Never too high; a block that
   * several of those on their way back hold counts when the last of them does.
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

  /** What can still be allocated or promised here, the array's limit included. */
  public long freeBlocks() {
    return figure(
        () ->
            Math.max(
                0,
                Math.min(
                    ledger.capacity.limit() - ledger.capacity.used() - ledger.capacity.promised(),
                    pool.freeBlocks())));
  }

  /** Whether so many blocks could be promised if others came back first. Lock held. */
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

  /** The same for the capacity of the whole array. Lock held. */
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
