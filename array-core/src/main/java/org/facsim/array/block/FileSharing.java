/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.LiveBlocks;
import org.facsim.array.block.map.HoldersVisitor;
import org.facsim.array.block.map.RangeClone;
import org.facsim.array.block.map.SharingWalk;

/**
 * Gives files the blocks of other files: clones of whole files and of ranges. No byte is copied.
 * The volume's lock guards it.
 */
public final class FileSharing {
  private static final int BLOCK_BYTES = BlockStore.BLOCK_BYTES;

  /** What one step of a walk may look at, so that freed blocks do not wait for it. */
  private static final int MAX_NODES_PER_EPOCH = 2048;

  /** How many steps a walk has at most: enough for 256 GiB in which each block is alone. */
  private static final int MAX_EPOCHS = 128;

  private final StoreGate gate;
  private final Ledger ledger;
  private final LiveBlocks live;
  private final RangeClone ranges;

  FileSharing(StoreGate gate, Ledger ledger, LiveBlocks live, RangeClone ranges) {
    this.gate = gate;
    this.ledger = ledger;
    this.live = live;
    this.ranges = ranges;
  }

  /**
   * Gives {@code destination} the blocks of {@code source} by sharing its root. What {@code
   * destination} mapped before is released, and its reservations stay. It takes O(1). Lock held.
   *
   * @throws ArrayException INVALID_ARGUMENT if both are the same file
   */
  public void cloneWhole(FileMap source, FileMap destination) {
    gate.start(source);
    gate.start(destination);
    if (source == destination) {
      throw new ArrayException(ArrayError.INVALID_ARGUMENT, "a file cannot be its own clone");
    }
    long shared = source.root();
    long replaced = destination.root();
    destination.setRoot(FileMap.pointer(shared), FileMap.height(shared));
    if (FileMap.pointer(shared) != 0) {
      ledger.addEdge(FileMap.height(shared), FileMap.pointer(shared), destination.name());
    }
    if (FileMap.pointer(replaced) != 0) {
      ledger.removeEdge(FileMap.height(replaced), FileMap.pointer(replaced), destination.name());
    }
    ledger.addMapped(destination, source.mapped - destination.mapped);
    destination.displaced = source.displaced;
    live.replaced(destination);
    gate.finish();
  }

  /**
   * Shares a range of blocks, including holes. It is atomic for readers. Source and destination may
   * be the same map if the ranges do not overlap. Lock held.
   *
   * @throws ArrayException INVALID_ARGUMENT if an argument is not a multiple of {@link
   *     BlockStore#BLOCK_BYTES} or the ranges of one map overlap; NO_SPACE if there is no direct
   *     memory
   */
  public void cloneRange(
      FileMap source,
      long sourceOffsetBytes,
      FileMap destination,
      long destinationOffsetBytes,
      long lengthBytes) {
    gate.start(source);
    gate.start(destination);
    RangeClone.requireValid(
        source, sourceOffsetBytes, destination, destinationOffsetBytes, lengthBytes);
    if (lengthBytes > 0) {
      ranges.share(
          source,
          sourceOffsetBytes / BLOCK_BYTES,
          destination,
          destinationOffsetBytes / BLOCK_BYTES,
          lengthBytes / BLOCK_BYTES);
      live.replaced(destination);
      gate.finish();
    }
  }

  /**
   * Tells which blocks others hold, too, or which blocks two maps have in common. Takes no lock.
   *
   * @param otherOrNull the map to compare with
   * @return the first block that was not told: {@code toBlock} if all were
   */
  public long visit(
      FileMap map, FileMap otherOrNull, long fromBlock, long toBlock, HoldersVisitor visitor) {
    boolean[] isStopped = new boolean[1];
    HoldersVisitor stopping =
        (offset, length, holders) -> {
          boolean goesOn = visitor.visit(offset, length, holders);
          isStopped[0] = !goesOn;
          return goesOn;
        };
    long at = fromBlock;
    for (int epoch = 0; at < toBlock && !isStopped[0] && epoch < MAX_EPOCHS; epoch++) {
      int ticket = gate.enter();
      try {
        SharingWalk walk =
            new SharingWalk(ledger.nodes, ledger.blocks, stopping, MAX_NODES_PER_EPOCH);
        at =
            otherOrNull == null
                ? walk.one(map.root(), at, toBlock)
                : walk.two(map.root(), otherOrNull.root(), at, toBlock);
      } finally {
        gate.exit(ticket);
      }
    }
    return at;
  }
}
