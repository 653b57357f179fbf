/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

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
 * Punches holes: whole blocks are unmapped, parts of blocks at either end are zeroed by a write
 * like any other, so that a shared block is copied first. Guarded by the volume's lock.
 */
final class Holes {
  private static final int BLOCK_BYTES = BlockTable.BLOCK_BYTES;

  /** Nodes that two partial writes and a removal make at most. */
  private static final int MAX_NODES = 5 * 2 * NodeTable.MAX_HEIGHT;

  private final Ledger ledger;
  private final MapReader reader;
  private final MapWriter writer;
  private final SpaceReservations reservations;
  private final LiveBlocks live;

  Holes(
      Ledger ledger,
      MapReader reader,
      MapWriter writer,
      SpaceReservations reservations,
      LiveBlocks live) {
    this.ledger = ledger;
    this.reader = reader;
    this.writer = writer;
    this.reservations = reservations;
    this.live = live;
  }

  /**
   * @throws org.facsim.array.ArrayException NO_SPACE, with nothing changed
   */
  void punch(FileMap map, long offsetBytes, long endBytes) {
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
        long mappedBefore = map.mapped;
        long taken = live.inTruncated(map, firstWhole, endWhole);
        writer.remove(map, firstWhole, endWhole);
        live.truncated(map, taken, mappedBefore);
        reservations.drop(map, firstWhole, endWhole);
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
