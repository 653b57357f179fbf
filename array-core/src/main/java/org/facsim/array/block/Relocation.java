/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.map.MapReader;
import org.facsim.array.block.payload.Payload;
import org.facsim.array.block.payload.PinnedBytes;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;

/**
 * Moves the scattered blocks of a file side by side, once somebody reads them in order for the
 * second time. A file whose first fill came in random order, and a clone that was overwritten block
 * by block, stay scattered otherwise, because blocks are overwritten where they are.
 *
 * <h2>Steps</h2>
 *
 * Blocks move in <em>groups</em> of 64 KiB. A read that covers whole groups, and finds them in many
 * pieces, leaves a mark for each. The next such read finds the mark and removes it. Before it pins
 * anything, it copies each of these groups to neighbouring slots, one critical section for each
 * group, and so at most as many bytes as it reads. Then each entry names its new slot, and the old
 * one is retired.
 *
 * <p>To the ledger nothing happens: entries, counts, owners and parents stay as they are. A reader
 * that still has the old slot finds the same bytes there until it leaves; nobody overwrites a slot
 * that no entry names.
 *
 * <h2>What does not move</h2>
 *
 * <ul>
 *   <li>A group with a block that others hold as well. They read it too, and it would move to and
 *       fro between the orders of several files.
 *   <li>A group with a block that somebody has pinned, because its memory would be needed twice for
 *       as long as the peer likes.
 *   <li>Anything while memory is short, or while another thread has the volume's lock: the reader
 *       does not wait, and a later visit tries again.
 *   <li>Anything in a payload file.
 * </ul>
 *
 * <p>Known flaw: slots that were left are free one by one, so moving a whole file that is in random
 * order takes most of its size again. This memory stays with the array and is used for what is
 * written next.
 *
 * <p>Thread-safe.
 */
final class Relocation {
  static final int GROUP_BLOCKS = 16;
  static final int GROUP_BYTES = GROUP_BLOCKS * BlockTable.BLOCK_BYTES;

  /** A group with fewer pieces is not worth a copy. */
  private static final int MIN_PIECES = 4;

  private static final int MARK_SHIFT = 15;

  /** How many leaves, of 1 MiB each, can have marks; others overwrite these. */
  private static final int MARKS = 1 << MARK_SHIFT;

  private static final int GROUPS_OF_LEAF = NodeTable.FANOUT / GROUP_BLOCKS;
  private static final int GROUP_BITS = (1 << GROUPS_OF_LEAF) - 1;

  private final StoreGate gate;
  private final Ledger ledger;
  private final BlockTable blocks;
  private final NodeTable nodes;
  private final Payload payload;
  private final MapReader reader;

  /**
   * For each leaf one bit for each of its groups that was found scattered, and above them the upper
   * bits of the leaf's number. A lost or wrong mark means that blocks move one visit later or
   * earlier. Null until something is scattered.
   */
  private volatile AtomicIntegerArray marks;

  /** Guarded by the volume's lock. */
  private long movedGroups;

  Relocation(StoreGate gate, Ledger ledger, MapReader reader) {
    this.gate = gate;
    this.ledger = ledger;
    this.blocks = ledger.blocks;
    this.nodes = ledger.nodes;
    this.payload = ledger.payload;
    this.reader = reader;
  }

  /** Whether a read found scattered blocks, and not for the first time. Takes no lock. */
  boolean isDue(PinnedBytes found, long root, long offsetBytes, int lengthBytes) {
    if (lengthBytes < GROUP_BYTES || !found.isScattered(GROUP_BYTES)) {
      return false;
    }
    boolean isDue = false;
    long end = endGroup(offsetBytes, lengthBytes);
    for (long group = firstGroup(offsetBytes); group < end; group++) {
      int leaf = reader.leaf(root, group * GROUP_BLOCKS);
      isDue |= leaf != 0 && toggle(leaf, 1 << (group & (GROUPS_OF_LEAF - 1)));
    }
    return isDue;
  }

  private static long firstGroup(long offsetBytes) {
    return (offsetBytes + GROUP_BYTES - 1) / GROUP_BYTES;
  }

  private static long endGroup(long offsetBytes, int lengthBytes) {
    return (offsetBytes + lengthBytes) / GROUP_BYTES;
  }

  /** Leaves a mark, or removes it. Returns whether it was there. */
  private boolean toggle(int leaf, int bit) {
    AtomicIntegerArray all = marks;
    if (all == null) {
      all = new AtomicIntegerArray(MARKS);
      marks = all; // another thread's may be lost
    }
    int index = leaf & (MARKS - 1);
    int name = (leaf >>> MARK_SHIFT) << GROUPS_OF_LEAF;
    int before = all.get(index);
    if ((before & ~GROUP_BITS) != name) {
      before = name;
      all.set(index, name);
    }
    return all.compareAndSet(index, before, before ^ bit) && (before & bit) != 0;
  }

  /** Moves the groups of a range that may be moved and are scattered. */
  void gather(FileMap map, long offsetBytes, int lengthBytes) {
    long end = endGroup(offsetBytes, lengthBytes);
    for (long group = firstGroup(offsetBytes); group < end; group++) {
      if (!gate.lock.tryLock()) {
        return;
      }
      try {
        if (gate.isClosed() || gate.isAbandoned() || map.isReleased()) {
          return;
        }
        gather(map, group * GROUP_BLOCKS);
      } finally {
        gate.lock.unlock();
      }
    }
  }

  private void gather(FileMap map, long firstBlock) {
    int leaf = reader.leaf(map.root(), firstBlock);
    int[] moving = new int[GROUP_BLOCKS];
    int count = leaf == 0 ? 0 : movable(leaf, NodeTable.indexOf(1, firstBlock), moving);
    int target = count == 0 ? 0 : payload.neighbours(count);
    if (target == 0) {
      return;
    }
    for (int i = 0; i < count; i++) {
      int from = (int) blocks.value(moving[i]);
      int to = target + i;
      payload
          .memory(to)
          .put(
              payload.position(to),
              payload.memory(from),
              payload.position(from),
              BlockTable.BLOCK_BYTES);
      blocks.setValue(moving[i], to);
      ledger.retirePayload(from);
    }
    ledger.settle();
    movedGroups++;
  }

  /** How many groups were moved until now. Lock held. */
  long movedGroups() {
    gate.checkLocked();
    return movedGroups;
  }

  /** Finds the blocks of a group that have payload. Returns how many; 0 if they are to stay. */
  private int movable(int leaf, int firstIndex, int[] found) {
    int count = 0;
    int pieces = 0;
    int last = 0;
    for (int i = 0; i < GROUP_BLOCKS; i++) {
      long pointer = nodes.pointer(leaf, firstIndex + i);
      if (!BlockTable.isPayload(pointer)) {
        continue;
      }
      int block = (int) pointer;
      int slot = (int) blocks.value(block);
      if (blocks.count(block) != 1 || payload.isPinned(slot)) {
        return 0;
      }
      pieces += slot == last + 1 ? 0 : 1;
      last = slot;
      found[count++] = block;
    }
    return pieces < MIN_PIECES ? 0 : count;
  }
}
