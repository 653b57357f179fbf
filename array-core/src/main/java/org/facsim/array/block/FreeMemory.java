/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import org.facsim.array.block.payload.Payload;
import org.facsim.array.block.payload.PayloadArena;
import org.facsim.array.block.table.InodeRows;
import org.facsim.array.block.table.NameTable;
import org.facsim.array.block.table.TextHeap;

/**
 * Says how much fits into the direct memory of this process, whatever the array's capacity allows.
 * All volumes of all arrays share this memory, so each figure is an upper bound.
 */
public final class FreeMemory {
  /**
   * Memory that a block needs in addition to its bytes: its entry, its place in a leaf, its link.
   */
  private static final int ENTRY_BYTES = 40;

  private final BlockPool pool;
  private final Payload payload;
  private final InodeRows inodeRows;
  private final NameTable names;

  FreeMemory(BlockPool pool, Payload payload, InodeRows inodeRows, NameTable names) {
    this.pool = pool;
    this.payload = payload;
    this.inodeRows = inodeRows;
    this.names = names;
  }

  /**
   * How many blocks with bytes of their own fit into direct memory: into free slots, and into slabs
   * that may still be made. If payload is in a file, only the block's entry needs memory.
   */
  public long blocks() {
    PayloadArena arena = pool.payload();
    return payload == arena
        ? arena.slotsLeft() + pool.memory().leftBytes() / (BlockStore.BLOCK_BYTES + ENTRY_BYTES)
        : pool.memory().leftBytes() / ENTRY_BYTES;
  }

  /**
   * How many files without contents fit into direct memory, with a row and a name for each. Lock
   * held.
   *
   * @param nameBytes how long their names are
   */
  public long files(int nameBytes) {
    long leftBytes = pool.memory().leftBytes() / TextHeap.SLAB_BYTES * TextHeap.SLAB_BYTES;
    long rows = inodeRows.room();
    long nameRoom = names.room(nameBytes);
    int nameTakes = NameTable.bytesFor(nameBytes);
    // at first only one of the two tables has to grow, then both grow
    long atOnce = Math.min(rows, nameRoom);
    long further = Math.max(rows, nameRoom) - atOnce;
    int oneTakes = rows < nameRoom ? InodeRows.ROW_BYTES : nameTakes;
    if (leftBytes / oneTakes < further) {
      return atOnce + leftBytes / oneTakes;
    }
    long forBothBytes = leftBytes - further * oneTakes;
    return atOnce + further + forBothBytes / (InodeRows.ROW_BYTES + nameTakes);
  }
}
