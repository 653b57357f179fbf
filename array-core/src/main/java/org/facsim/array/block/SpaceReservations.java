/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.MapExtra;
import org.facsim.array.block.ledger.Reservations;
import org.facsim.array.block.ledger.TrialDeletion;
import org.facsim.array.block.map.MapReader;
import org.facsim.array.block.map.MapWriter;
import org.facsim.array.block.memory.MetadataAccount;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;

/**
 * Space that is reserved for files, and what a write needs beyond it. A write to a block needs
 * space if the block is a hole, or if another path leads to it. A reservation sets that space
 * aside.
 *
 * <p>Not thread-safe: callers hold the volume's lock.
 */
public final class SpaceReservations {
  /**
   * How many nodes are reclaimed before a reservation, because blocks that only a deleted tree
   * shares need none.
   */
  private static final int RECLAIM_NODES = 1024;

  private final StoreGate gate;
  private final MetadataAccount metadata;
  private final Ledger ledger;
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final MapReader reader;
  private final MapWriter writer;

  SpaceReservations(
      StoreGate gate, Ledger ledger, MetadataAccount metadata, MapReader reader, MapWriter writer) {
    this.metadata = metadata;
    this.gate = gate;
    this.ledger = ledger;
    this.nodes = ledger.nodes;
    this.blocks = ledger.blocks;
    this.reader = reader;
    this.writer = writer;
  }

  /**
   * Reserves a block for each block of the range that is not privately mapped, so that the next
   * write to it cannot fail for lack of space. Reservations that are there already are kept and not
   * doubled. A later clone shares blocks whose reservation was used up; reserve again after it.
   * Lock held.
   *
   * @param zeroEagerly whether to map zero blocks into the holes now instead of reserving space for
   *     them
   * @throws org.facsim.array.ArrayException NO_SPACE, with nothing changed
   */
  public void reserve(FileMap map, long offsetBytes, long lengthBytes, boolean zeroEagerly) {
    gate.start(map);
    MapReader.checkRange(offsetBytes, lengthBytes);
    make(
        map, offsetBytes / BlockTable.BLOCK_BYTES, endBlock(offsetBytes, lengthBytes), zeroEagerly);
    gate.finish();
  }

  /** Ends the reservations of a range. What is mapped stays. Lock held. */
  public void unreserve(FileMap map, long offsetBytes, long lengthBytes) {
    gate.start(map);
    MapReader.checkRange(offsetBytes, lengthBytes);
    drop(map, offsetBytes / BlockTable.BLOCK_BYTES, endBlock(offsetBytes, lengthBytes));
    gate.finish();
  }

  private static long endBlock(long offsetBytes, long lengthBytes) {
    return (offsetBytes + lengthBytes + BlockTable.BLOCK_BYTES - 1) / BlockTable.BLOCK_BYTES;
  }

  private void make(FileMap map, long first, long end, boolean zeroEagerly) {
    if (zeroEagerly) {
      long holes = end - first - reader.countMapped(map.root(), first, end);
      long onlyPaths = (holes + 1) * NodeTable.MAX_HEIGHT;
      nodes.ensure(Math.min(MapWriter.nodesFor(first, end), onlyPaths));
      blocks.ensure(holes);
    }
    ledger.detached.reclaim(RECLAIM_NODES);
    ledger.settle();
    long[] runs = new long[1];
    notPrivate(map, first, end, (from, to) -> runs[0]++);
    metadata.require(runs[0] * Reservations.RANGE_BYTES + MapExtra.HEAP_BYTES);
    ledger.claim(() -> notPrivateNorPromised(map, first, end));
    Reservations promised = map.reservationsToAddTo();
    notPrivate(map, first, end, (from, to) -> ledger.capacity.promise(promised.add(from, to)));
    map.touch();
    if (zeroEagerly) {
      zeroHoles(map, first, end);
    }
  }

  private void zeroHoles(FileMap map, long first, long end) {
    long at = reader.firstHole(map.root(), first, end);
    while (at < end) {
      long data = reader.firstMapped(map.root(), at, end);
      long holeEnd = data < 0 ? end : data;
      writer.fillHole(map, at, holeEnd, 0);
      drop(map, at, holeEnd);
      at = reader.firstHole(map.root(), holeEnd, end);
    }
  }

  /** Ends the reservations of a range. */
  void drop(FileMap map, long from, long to) {
    if (map.reservations() != null) {
      ledger.capacity.promise(-map.reservations().remove(from, to));
      map.touch();
    }
  }

  /**
   * Moves the reservations of one file to another one, for those of the same blocks that need them
   * there. That is never more. Lock held.
   */
  public void move(FileMap from, FileMap to) {
    gate.start(from);
    gate.start(to);
    if (from.reservations() != null) {
      moveAll(from, to);
    }
    gate.finish();
  }

  private void moveAll(FileMap from, FileMap to) {
    Reservations given = from.reservations();
    Reservations kept = to.reservationsToAddTo();
    long[] added = new long[1];
    given.forEach((first, end) -> notPrivate(to, first, end, (a, b) -> added[0] += kept.add(a, b)));
    ledger.capacity.promise(added[0] - given.count());
    from.forgetReservations();
    from.touch();
    to.touch();
  }

  /** How many blocks a write needs in addition to those that are reserved for it. */
  long needed(FileMap map, long first, long end) {
    Reservations promised = map.reservations();
    if (map.displaced && (promised == null || promised.countIn(first, end) == 0)) {
      // A block that the range holds twice is shared at its first place and private at its second.
      return end - first - TrialDeletion.ofRange(nodes, blocks, map.root(), first, end);
    }
    return notPrivateNorPromised(map, first, end);
  }

  private long notPrivateNorPromised(FileMap map, long first, long end) {
    Reservations promised = map.reservations();
    long[] sum = new long[1];
    notPrivate(
        map,
        first,
        end,
        (from, to) -> sum[0] += to - from - (promised == null ? 0 : promised.countIn(from, to)));
    return sum[0];
  }

  /** Receives runs of blocks, from (inclusive) to (exclusive). */
  private interface Runs {
    void run(long from, long to);
  }

  /**
   * Reports the blocks of a range that a write would have to allocate: holes, and blocks to which
   * another path leads, too.
   */
  private void notPrivate(FileMap map, long from, long to, Runs runs) {
    long root = map.root();
    int height = FileMap.height(root);
    long covered = Math.min(to, 1L << NodeTable.spanShift(height));
    if (from < covered) {
      notPrivate(height, FileMap.pointer(root), 0, from, covered, runs);
    }
    if (to > covered) {
      runs.run(Math.max(from, covered), to);
    }
  }

  private void notPrivate(int level, long pointer, long base, long from, long to, Runs runs) {
    int id = (int) pointer;
    if (level == 0) {
      if (pointer == 0 || blocks.count(id) > 1) {
        runs.run(from, to);
      }
      return;
    }
    if (pointer == 0 || nodes.count(id) > 1 || nodes.own(id) == 0) {
      runs.run(from, to);
      return;
    }
    if (nodes.own(id) == 1L << NodeTable.spanShift(level)) {
      return;
    }
    int shift = NodeTable.spanShift(level - 1);
    for (long at = (from - base) >>> shift; at <= (to - 1 - base) >>> shift; at++) {
      long childBase = base + (at << shift);
      notPrivate(
          level - 1,
          nodes.pointer(id, (int) at),
          childBase,
          Math.max(from, childBase),
          Math.min(to, childBase + (1L << shift)),
          runs);
    }
  }
}
