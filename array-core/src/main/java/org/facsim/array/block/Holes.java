/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.List;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.LiveBlocks;
import org.facsim.array.block.map.MapReader;
import org.facsim.array.block.map.MapWriter;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;
import org.facsim.array.block.table.Words;

/**
 * Punches holes and finds them. To punch, it unmaps whole blocks and zeroes the parts of blocks at
 * either end by a write like any other, which copies a shared block first. The volume's lock guards
 * that; finding takes no lock.
 */
public final class Holes {
  private static final int BLOCK_BYTES = BlockTable.BLOCK_BYTES;

  /** The most nodes that two partial writes and a removal make. */
  private static final int MAX_NODES = 5 * 2 * NodeTable.MAX_HEIGHT;

  private final StoreGate gate;
  private final Ledger ledger;
  private final MapReader reader;
  private final MapWriter writer;
  private final SpaceReservations reservations;
  private final LiveBlocks live;

  Holes(
      StoreGate gate,
      Ledger ledger,
      MapReader reader,
      MapWriter writer,
      SpaceReservations reservations,
      LiveBlocks live) {
    this.gate = gate;
    this.ledger = ledger;
    this.reader = reader;
    this.writer = writer;
    this.reservations = reservations;
    this.live = live;
  }

  /**
   * Unmaps what is beyond the new size, and drops its reservations. In the block in which the new
   * size lies, the bytes after it become zero. Does nothing if the file grows or has no map. Lock
   * held.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if that block is shared and no block is left
   *     for its copy
   */
  public void truncate(FileMap map, long oldSizeBytes, long newSizeBytes) {
    if (newSizeBytes < oldSizeBytes) {
      punchHole(map, newSizeBytes, BlockStore.MAX_BYTES - newSizeBytes);
    }
  }

  /**
   * Unmaps the whole blocks in the range, drops their reservations, and zeroes the rest of the
   * range. Does nothing if the file has no map. Lock held.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE as for {@link #truncate}
   */
  public void punchHole(FileMap map, long offsetBytes, long lengthBytes) {
    gate.start(map);
    MapReader.checkRange(offsetBytes, lengthBytes);
    if (!map.isNone()) {
      punch(map, offsetBytes, offsetBytes + lengthBytes);
      gate.finish();
    }
  }

  /**
   * Unmaps ranges of blocks and drops their reservations. Does nothing if the file has no map. Lock
   * held.
   *
   * @param ranges in the order of their offsets
   * @throws org.facsim.array.ArrayException NO_SPACE if there is no memory for the nodes that this
   *     makes; then nothing has changed
   */
  public void punchHoles(FileMap map, List<BlockRange> ranges) {
    gate.start(map);
    if (!map.isNone()) {
      ledger.nodes.ensure(2L * NodeTable.MAX_HEIGHT * ranges.size());
      ranges.forEach(range -> unmap(map, range.first(), range.end()));
      gate.finish();
    }
  }

  /** Room for the nodes is there. */
  private void unmap(FileMap map, long firstBlock, long endBlock) {
    long mappedBefore = map.mapped;
    long taken = live.inTruncated(map, firstBlock, endBlock);
    writer.remove(map, firstBlock, endBlock);
    live.truncated(map, taken, mappedBefore);
    reservations.drop(map, firstBlock, endBlock);
  }

  /**
   * Finds the first mapped byte at or after an offset. Returns -1 if there is none below the size.
   * Takes no lock.
   */
  public long seekData(FileMap map, long offsetBytes, long sizeBytes) {
    int ticket = gate.enter();
    try {
      long end = (sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
      long block = reader.firstMapped(map.root(), offsetBytes / BLOCK_BYTES, end);
      return block < 0 || offsetBytes >= sizeBytes
          ? -1
          : Math.max(offsetBytes, block * BLOCK_BYTES);
    } finally {
      gate.exit(ticket);
    }
  }

  /**
   * Finds the first unmapped byte at or after an offset. Returns the size if there is none. Takes
   * no lock.
   */
  public long seekHole(FileMap map, long offsetBytes, long sizeBytes) {
    int ticket = gate.enter();
    try {
      long end = (sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
      long block = reader.firstHole(map.root(), offsetBytes / BLOCK_BYTES, end);
      return Math.min(sizeBytes, Math.max(offsetBytes, block * BLOCK_BYTES));
    } finally {
      gate.exit(ticket);
    }
  }

  /** How many blocks of a range are mapped. Lock held. */
  public long mappedBlocks(FileMap map, long offsetBytes, long lengthBytes) {
    MapReader.checkRange(offsetBytes, lengthBytes);
    long end = (offsetBytes + lengthBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    return reader.countMapped(map.root(), offsetBytes / BLOCK_BYTES, end);
  }

  /** If it throws NO_SPACE, nothing has changed. */
  private void punch(FileMap map, long offsetBytes, long endBytes) {
    long firstWhole = (offsetBytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
    long endWhole = endBytes / BLOCK_BYTES;
    long headEnd = Math.min(endBytes, firstWhole * BLOCK_BYTES);
    long tailStart = Math.max(headEnd, endWhole * BLOCK_BYTES);
    ledger.nodes.ensure(MAX_NODES);
    ledger.blocks.ensure(2);
    try (PreparedWrite head = zeros(map, offsetBytes, headEnd);
        PreparedWrite tail = zeros(map, tailStart, endBytes)) {
      ledger.claim(() -> needed(map, head) + needed(map, tail));
      complete(map, head);
      complete(map, tail);
      apply(map, head);
      apply(map, tail);
      if (firstWhole < endWhole) {
        unmap(map, firstWhole, endWhole);
      }
    }
  }

  /** Zeros for a part of one block, or null if that part reads as zeros already. */
  private PreparedWrite zeros(FileMap map, long from, long to) {
    if (from >= to) {
      return null;
    }
    long pointer = reader.find(map.root(), from / BLOCK_BYTES);
    if (pointer == 0
        || (!BlockTable.isPayload(pointer) && ledger.blocks.value((int) pointer) == 0)) {
      return null;
    }
    return PreparedWrite.copyOf(ledger.payload, from, Words.zeros((int) (to - from)));
  }

  private long needed(FileMap map, PreparedWrite write) {
    return write == null ? 0 : reservations.needed(map, write.firstBlock(), write.endBlock());
  }

  private void complete(FileMap map, PreparedWrite write) {
    if (write != null) {
      writer.complete(map, write);
    }
  }

  private void apply(FileMap map, PreparedWrite write) {
    if (write != null) {
      writer.write(map, write);
      reservations.drop(map, write.firstBlock(), write.endBlock());
    }
  }
}
