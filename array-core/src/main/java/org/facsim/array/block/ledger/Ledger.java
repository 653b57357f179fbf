/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.payload.Payload;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;

/**
 * Keeps who holds what, and what it costs: reference counts, exclusive bytes, charges, capacity.
 * Only the ledger adds and removes edges of the graph (file to root, node to child, leaf to block),
 * so the figures cannot drift from the structure.
 *
 * <h2>Exact exclusive space without walking</h2>
 *
 * A thing with one parent has one path upward. Every node keeps {@code own}: how many blocks
 * beneath it hang on single edges all the way up to it. A child passes its weight (1 for a block,
 * {@code own} for a node) to its parent only while it has exactly one parent. A file is the parent
 * of its root, so the file's {@code own} is what deleting it would free. To know the only parent
 * without keeping a list of parents, each thing keeps the XOR of all parents' names. When the count
 * is 1, the XOR <em>is</em> the parent.
 *
 * <ul>
 *   <li>If an added edge makes the count 1, the weight goes up from the new parent. If it makes the
 *       count 2, the weight is taken off, upward from the old parent (the XOR before the change).
 *   <li>If a removed edge leaves the count 1, the XOR is now the remaining parent, and the weight
 *       goes up from it. If it leaves 0, the weight is taken off, and the thing is freed (a block)
 *       or queued (a node).
 *   <li>Going up stops at a file, and at anything whose count is not 1.
 * </ul>
 *
 * This is exact as long as no file holds one block at two places. If a file may do that ({@link
 * FileMap#displaced}), {@code own} is a lower bound, and {@link TrialDeletion} finds the answer.
 *
 * <h2>Deleting</h2>
 *
 * A node that loses its last edge waits among the {@link DetachedNodes} until reclaim takes it.
 *
 * <h2>Unlink, then retire</h2>
 *
 * Callers store the pointer that makes a thing unreachable <em>before</em> they remove its edge
 * here: the removal may tag it with an epoch (see {@link Epochs}). For the same reason, when a
 * count falls to 1, a stamp is left. A reader that came through the other parent may still be
 * looking, so the thing must not change in place until the stamp has elapsed.
 *
 * <p>Not thread-safe: callers hold the volume's lock.
 */
public final class Ledger {
  /** How many payload slots are retired together, so that the arena's lock is taken rarely. */
  private static final int RETIRED_BATCH = 512;

  public final NodeTable nodes;
  public final BlockTable blocks;
  public final Payload payload;
  public final FileTable files;
  public final Capacity capacity;
  public final DetachedNodes detached;
  private final Epochs epochs;
  private final Elsewhere elsewhere;

  /** The sum of all files' mapped blocks, without hidden maps. */
  private long referenced;

  /** What is charged to released files, and to files that are away. */
  private long retained;

  private final int[] retiredSlots = new int[RETIRED_BATCH];
  private int retiredCount;

  public Ledger(
      SharedCapacity shared,
      Elsewhere elsewhere,
      Epochs epochs,
      NodeTable nodes,
      BlockTable blocks,
      Payload payload,
      FileTable files,
      long limit) {
    this.files = files;
    this.elsewhere = elsewhere;
    this.nodes = nodes;
    this.blocks = blocks;
    this.payload = payload;
    this.epochs = epochs;
    capacity = new Capacity(shared, limit);
    detached = new DetachedNodes(this);
  }

  // ---------------------------------------------------------------- edges

  public void addEdge(int level, long pointer, int parent) {
    if (level == 0) {
      addBlockEdge((int) pointer, parent);
    } else {
      addNodeEdge((int) pointer, parent);
    }
  }

  public void removeEdge(int level, long pointer, int parent) {
    if (level == 0) {
      removeBlockEdge(pointer, parent);
    } else {
      removeNodeEdge((int) pointer, parent);
    }
  }

  private void addBlockEdge(int block, int parent) {
    int before = blocks.parents(block);
    blocks.addParent(block, parent);
    if (blocks.count(block) == 2) {
      credit(before, -1);
    }
  }

  public void addNodeEdge(int node, int parent) {
    int before = nodes.parents(node);
    int count = nodes.count(node) + 1;
    nodes.setCount(node, count);
    nodes.setParents(node, before ^ parent);
    if (count == 1) {
      credit(parent, nodes.own(node));
    } else if (count == 2) {
      credit(before, -nodes.own(node));
    }
  }

  public void removeBlockEdge(long pointer, int parent) {
    int block = (int) pointer;
    int count = blocks.count(block) - 1;
    int remaining = blocks.parents(block) ^ parent;
    blocks.setCount(block, count);
    blocks.setParents(block, remaining);
    if (count == 1) {
      blocks.setStamp(block, epochs.stamp());
      credit(remaining, 1);
    } else if (count == 0) {
      credit(parent, -1);
      capacity.use(-1);
      discard(pointer);
    }
  }

  void removeNodeEdge(int node, int parent) {
    int count = nodes.count(node) - 1;
    int remaining = nodes.parents(node) ^ parent;
    nodes.setCount(node, count);
    nodes.setParents(node, remaining);
    if (count == 1) {
      nodes.setStamp(node, epochs.stamp());
      credit(remaining, nodes.own(node));
    } else if (count == 0) {
      credit(parent, -nodes.own(node));
      detached.push(node);
    }
  }

  /** Replaces one parent by another one, so that no reader can take either of them for a third. */
  public void moveEdge(int level, long pointer, int from, int to) {
    int id = (int) pointer;
    boolean single;
    long weight;
    if (level == 0) {
      blocks.setParents(id, blocks.parents(id) ^ from ^ to);
      single = blocks.count(id) == 1;
      weight = 1;
    } else {
      nodes.setParents(id, nodes.parents(id) ^ from ^ to);
      single = nodes.count(id) == 1;
      weight = nodes.own(id);
    }
    if (single) {
      credit(from, -weight);
      credit(to, weight);
    }
  }

  /** Carries a change of weight upward as long as there is only one way up. */
  void credit(int parent, long delta) {
    int at = parent;
    while (delta != 0) {
      if (at < 0) {
        FileMap file = files.get(FileMap.numberOf(at));
        file.own += delta;
        file.touch();
        return;
      }
      nodes.setOwn(at, nodes.own(at) + delta);
      int count = nodes.count(at);
      if (count != 1) {
        if (count == 0) {
          detached.credit(delta);
        }
        return;
      }
      at = nodes.parents(at);
    }
  }

  // ---------------------------------------------------------------- blocks

  /**
   * Makes a block that is charged to a file. Capacity was claimed, or another block is discarded
   * for it.
   */
  public long allocateBlock(FileMap file, long value, boolean isPayload, int parent) {
    file.charged++;
    file.touch();
    file.live++;
    return blocks.allocate(value, isPayload, file.number, parent);
  }

  /** Retires a block that has no parents, with its entry, payload and charge. */
  public void discard(long pointer) {
    uncharge(blocks.owner((int) pointer), 1);
    free(pointer);
  }

  /** Retires a block that is not charged any more. */
  void free(long pointer) {
    int block = (int) pointer;
    if (BlockTable.isPayload(pointer)) {
      retirePayload((int) blocks.value(block));
    }
    blocks.retire(block);
  }

  /** The charge follows the last writer. */
  public void moveCharge(int block, FileMap writer) {
    int owner = blocks.owner(block);
    if (owner != writer.number) {
      writer.charged++;
      writer.touch();
      writer.live++;
      blocks.setOwner(block, writer.number);
      uncharge(owner, 1);
    }
  }

  public void retirePayload(int slot) {
    if (retiredCount == RETIRED_BATCH) {
      flushRetired();
    }
    retiredSlots[retiredCount++] = slot;
  }

  /** Takes the charge of blocks from a file, because they are gone or charged to another file. */
  void uncharge(int owner, long count) {
    if (count == 0) {
      return;
    }
    FileMap file = files.get(owner);
    file.charged -= count;
    file.touch();
    if (file.isReleased() || file.hidden) {
      retained -= count;
      if (file.isReleased() && file.charged == 0) {
        files.recycle(file);
      }
    }
  }

  /** Releases a file that is gone and whose root's edge is removed already. */
  public void releaseFile(FileMap file) {
    file.setReleased(true);
    file.touch();
    if (file.charged == 0) {
      files.recycle(file);
    } else {
      retained += file.charged;
    }
  }

  /** Changes what a file maps. */
  public void addMapped(FileMap file, long delta) {
    file.mapped += delta;
    file.touch();
    referenced += delta;
    if (file.mapped == 0) {
      file.displaced = false;
      file.live = 0;
      file.liveKnown = true;
    }
  }

  /**
   * Counts more, or less, of what maps have, because they are shown or hidden, see {@code
   * HiddenMaps}.
   */
  public void see(long mappedDelta, long promisedDelta) {
    referenced += mappedDelta;
    capacity.promiseRegardless(promisedDelta);
  }

  /** Notes that more blocks, or fewer, are charged to files that are away. */
  public void retain(long delta) {
    retained += delta;
  }

  /** Notes that a block is about to leave a place in a file. */
  public void leaves(FileMap file, int block) {
    if (blocks.owner(block) == file.number) {
      file.live--;
    }
  }

  // ---------------------------------------------------------------- capacity

  /** The other volumes of the array. */
  public interface Elsewhere {
    /**
     * Reclaims blocks of other volumes whose lock is free now. Returns whether there is hope,
     * because some were reclaimed, or wait for reclaim in a volume that is busy.
     */
    boolean reclaim(Ledger asking);
  }

  /**
   * How many blocks an operation needs beyond its reservations. It is asked again after reclaim.
   */
  public interface Need {
    long blocks();
  }

  /**
   * Sets blocks aside for the operation that holds the lock. {@link #settle} returns what it did
   * not use. If blocks are missing, those that wait for reclaim are reclaimed first.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, with nothing changed
   */
  public void claim(Need need) {
    while (true) {
      long count = need.blocks();
      if (count <= 0) {
        return;
      }
      if (capacity.tryTake(count)) {
        return;
      }
      boolean progress = detached.reclaim(1);
      settle();
      if (!progress && (!capacity.fits(count) || !elsewhere.reclaim(this))) {
        throw capacity.exceededBy(count);
      }
    }
  }

  /** Ends an operation: tells the array what is in use now, and retires payload. */
  public void settle() {
    flushRetired();
    capacity.settle();
  }

  private void flushRetired() {
    if (retiredCount > 0) {
      payload.retireAll(retiredSlots, retiredCount);
      retiredCount = 0;
    }
  }

  // ---------------------------------------------------------------- figures

  public long referenced() {
    return referenced;
  }

  public long retained() {
    return retained;
  }

  public StoreTotals totals() {
    return new StoreTotals(
        capacity.used(),
        capacity.promised(),
        referenced,
        retained,
        detached.blocks(),
        detached.top(),
        detached.count());
  }

  /**
   * Counts again after the tables and files are loaded, and takes the capacity for them even beyond
   * the limit.
   */
  public void restore(long blocksInUse, int firstWaiting) {
    long promised = 0;
    for (FileMap file : files.all()) {
      promised += file.hidden ? 0 : file.reservedBlocks();
      referenced += file.hidden ? 0 : file.mapped;
      retained += file.isReleased() || file.hidden ? file.charged : 0;
    }
    detached.restore(firstWaiting);
    capacity.restore(blocksInUse, promised);
  }
}
