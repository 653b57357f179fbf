/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * Who holds what, and what it costs: reference counts, exclusive bytes, charges, capacity. Every
 * edge of the graph (file to root, node to child, leaf to block) is added and removed here and
 * nowhere else, so the figures cannot drift from the structure.
 *
 * <h2>Exact exclusive space without walking</h2>
 *
 * A thing with one parent has one path upward. Every node keeps {@code own}: how many blocks
 * beneath it hang on single edges all the way up to it. A child passes its weight (1 for a block,
 * {@code own} for a node) to its parent only while it has exactly one; a file is the parent of its
 * root, so the file's {@code own} is what deleting it would free. To know that one parent without
 * keeping a list of parents, each thing keeps the XOR of all parents' names: when the count is 1,
 * the XOR <em>is</em> the parent.
 *
 * <ul>
 *   <li>Adding an edge makes the count 1: the weight goes up from the new parent. It makes the
 *       count 2: the weight is taken off, upward from the old parent (the XOR before the change).
 *   <li>Removing an edge leaves 1: the XOR is now the remaining parent, the weight goes up from it.
 *       It leaves 0: the weight is taken off, and the thing is freed (a block) or queued (a node).
 *   <li>Going up stops at a file and at any thing whose count is not 1.
 * </ul>
 *
 * This is exact while no file holds one block at two places. Where that may be ({@link
 * FileMap#displaced}) {@code own} is a lower bound and {@link TrialDeletion} answers.
 *
 * <h2>Deleting</h2>
 *
 * A node that loses its last edge is put on a stack, links inside the nodes, and its children keep
 * their edges from it until {@link #reclaim} takes it. So until then shared blocks look more shared
 * than they are: {@code own} is never too high, charges and physical use are never too low. Blocks
 * on their way back are exactly the sum of {@code own} over the stack; a weight that travels up to
 * a node of count 0 is such a block.
 *
 * <h2>Unlink, then retire</h2>
 *
 * Callers store the pointer that makes a thing unreachable <em>before</em> they remove its edge
 * here: the removal may tag it with an epoch (see {@link Epochs}). For the same reason a fall of
 * the count to 1 leaves a stamp: a reader that came through the other parent may still be looking,
 * so until the stamp has elapsed the survivor must not change in place.
 *
 * <p>Guarded by the volume's lock.
 */
final class Ledger {
  /** Payload slots retired at once, to take the arena's lock rarely. */
  private static final int RETIRED_BATCH = 512;

  final NodeTable nodes;
  final BlockTable blocks;
  final Payload payload;
  final FileTable files = new FileTable();
  private final Epochs epochs;
  private final BlockPool pool;

  private long limit;

  /** Entries in use: physical blocks. */
  private long used;

  /** Sum of all reservations. */
  private long promised;

  /** Sum of all files' mapped blocks, hidden ones left out. */
  private long referenced;

  /** Charged to released files, and to those that are away. */
  private long retained;

  /** Sum of {@code own} over the nodes waiting for reclaim. */
  private long pending;

  /** Used and promised as the pool knows it. */
  private long published;

  private int stack;
  private long stackedNodes;

  /** Null if there never is one. */
  Backlog backlog;

  private final int[] retiredSlots = new int[RETIRED_BATCH];
  private int retiredCount;

  Ledger(BlockPool pool, NodeTable nodes, BlockTable blocks, Payload payload, long limit) {
    this.pool = pool;
    this.nodes = nodes;
    this.blocks = blocks;
    this.payload = payload;
    this.epochs = pool.epochs();
    this.limit = limit;
  }

  // ---------------------------------------------------------------- edges

  void addEdge(int level, long pointer, int parent) {
    if (level == 0) {
      addBlockEdge((int) pointer, parent);
    } else {
      addNodeEdge((int) pointer, parent);
    }
  }

  void removeEdge(int level, long pointer, int parent) {
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

  void addNodeEdge(int node, int parent) {
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

  void removeBlockEdge(long pointer, int parent) {
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
      used--;
      discard(pointer);
    }
  }

  private void removeNodeEdge(int node, int parent) {
    int count = nodes.count(node) - 1;
    int remaining = nodes.parents(node) ^ parent;
    nodes.setCount(node, count);
    nodes.setParents(node, remaining);
    if (count == 1) {
      nodes.setStamp(node, epochs.stamp());
      credit(remaining, nodes.own(node));
    } else if (count == 0) {
      credit(parent, -nodes.own(node));
      pending += nodes.own(node);
      nodes.setParents(node, stack);
      stack = node;
      stackedNodes++;
    }
  }

  /** Exchanges one parent for another, neither of which a reader can confuse with a third. */
  void moveEdge(int level, long pointer, int from, int to) {
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

  /** Carries a change of weight upward while there is one way up. */
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
          pending += delta;
        }
        return;
      }
      at = nodes.parents(at);
    }
  }

  // ---------------------------------------------------------------- blocks

  /**
   * Makes a block for a file, charged to it; capacity was claimed, or another block is discarded.
   */
  long allocateBlock(FileMap file, long value, boolean isPayload, int parent) {
    file.charged++;
    file.touch();
    file.live++;
    return blocks.allocate(value, isPayload, file.number, parent);
  }

  /** The claimed blocks are in use now. */
  void use(long count) {
    used += count;
  }

  /** Retires a block without parents: entry, payload and charge. */
  void discard(long pointer) {
    uncharge(blocks.owner((int) pointer), 1);
    free(pointer);
  }

  private void free(long pointer) {
    int block = (int) pointer;
    if (BlockTable.isPayload(pointer)) {
      retirePayload((int) blocks.value(block));
    }
    blocks.retire(block);
  }

  /** The charge follows the last writer. */
  void moveCharge(int block, FileMap writer) {
    int owner = blocks.owner(block);
    if (owner != writer.number) {
      writer.charged++;
      writer.touch();
      writer.live++;
      blocks.setOwner(block, writer.number);
      uncharge(owner, 1);
    }
  }

  void retirePayload(int slot) {
    if (retiredCount == RETIRED_BATCH) {
      flushRetired();
    }
    retiredSlots[retiredCount++] = slot;
  }

  private void uncharge(int owner, long count) {
    if (count == 0) {
      return;
    }
    FileMap file = files.get(owner);
    file.charged -= count;
    file.touch();
    if (file.released || file.hidden) {
      retained -= count;
      if (file.released && file.charged == 0) {
        files.recycle(file);
      }
    }
  }

  /** The file is gone; its root's edge is removed already. */
  void releaseFile(FileMap file) {
    file.released = true;
    file.touch();
    if (file.charged == 0) {
      files.recycle(file);
    } else {
      retained += file.charged;
    }
  }

  /** Changes what a file maps. */
  void addMapped(FileMap file, long delta) {
    file.mapped += delta;
    file.touch();
    referenced += delta;
    if (file.mapped == 0) {
      file.displaced = false;
      file.live = 0;
      file.liveKnown = true;
    }
  }

  /** Files show more, or less, of what their maps have: {@link KeptMaps}. */
  void see(long mappedDelta, long promisedDelta) {
    referenced += mappedDelta;
    promised += promisedDelta;
    if (promisedDelta > 0) {
      pool.take(promisedDelta);
      published += promisedDelta;
    }
  }

  /** So many more blocks are charged to files that are away. */
  void retain(long delta) {
    retained += delta;
  }

  /** A block is about to leave one place in a file. */
  void leaves(FileMap file, int block) {
    if (blocks.owner(block) == file.number) {
      file.live--;
    }
  }

  // ---------------------------------------------------------------- capacity

  /** How many blocks an operation needs beyond what it was promised; asked again after reclaim. */
  interface Need {
    long blocks();
  }

  /**
   * Sets blocks aside for the operation that holds the lock; {@link #settle} returns what it did
   * not use. Blocks that are on their way back are brought back first rather than missed.
   *
   * @throws ArrayException NO_SPACE, with nothing changed
   */
  void claim(Need need) {
    while (true) {
      long count = need.blocks();
      if (count <= 0) {
        return;
      }
      boolean fits = used + promised + count <= limit;
      if (fits && pool.tryTake(count)) {
        published += count;
        return;
      }
      boolean progress = reclaim(1);
      settle();
      if (!progress && (!fits || !pool.reclaimElsewhere(this))) {
        throw new ArrayException(
            ArrayError.NO_SPACE,
            "%d more blocks do not fit: volume %d of %d blocks used, %d reserved; array has %d left"
                .formatted(count, used, limit, promised, pool.freeBlocks()));
      }
    }
  }

  /** Claimed blocks become promises (or, if negative, promises end). */
  void promise(long delta) {
    promised += delta;
  }

  /** Ends an operation: tells the pool what is in use now, lets go of retired payload. */
  void settle() {
    flushRetired();
    long surplus = published - used - promised;
    if (surplus > 0) {
      pool.give(surplus);
      published -= surplus;
    } else if (surplus < 0) {
      throw new IllegalStateException("used " + -surplus + " blocks that were not claimed");
    }
  }

  private void flushRetired() {
    if (retiredCount > 0) {
      payload.retireAll(retiredSlots, retiredCount);
      retiredCount = 0;
    }
  }

  // ---------------------------------------------------------------- reclaim

  /** Whether something is on its way back. */
  boolean isReclaiming() {
    return stack != 0 || (backlog != null && backlog.isWaiting());
  }

  /**
   * Takes apart up to {@code maxNodes} detached nodes, or detaches some. Returns whether there was
   * something to do.
   */
  boolean reclaim(int maxNodes) {
    if (stack == 0) {
      if (!isReclaiming()) {
        return false;
      }
      backlog.step();
      return true;
    }
    for (int i = 0; i < maxNodes && stack != 0; i++) {
      int node = stack;
      stack = nodes.parents(node);
      stackedNodes--;
      reclaimNode(node);
    }
    return true;
  }

  /** Takes all that waits apart, if it is no more than so many leaves. */
  void reclaimIfFew(int maxLeaves) {
    while (stackedNodes <= maxLeaves && stack != 0 && nodes.level(stack) == 1) {
      reclaim(1);
    }
  }

  private void reclaimNode(int node) {
    int level = nodes.level(node);
    if (level == 1) {
      emptyLeaf(node);
    } else {
      for (int slot = 0; slot < NodeTable.FANOUT; slot++) {
        long pointer = nodes.slot(node, slot);
        if (pointer != 0) {
          removeNodeEdge((int) pointer, node);
        }
      }
    }
    if (nodes.own(node) != 0) {
      throw new IllegalStateException("node " + node + " owns " + nodes.own(node) + " after all");
    }
    nodes.retire(node);
  }

  /**
   * The same as removing edge by edge. But where nearly all of a large delete's time goes it pays
   * to add up what becomes free, and whose it was: a detached leaf passes nothing on to a parent,
   * and neighbours mostly have one owner.
   */
  private void emptyLeaf(int leaf) {
    ByteBuffer slots = nodes.slab(leaf);
    int body = nodes.body(leaf);
    long freed = 0;
    int owner = 0;
    long ofOwner = 0;
    for (int at = body; at < body + NodeTable.BODY_BYTES; at += Long.BYTES) {
      long pointer = (long) RecordTable.LONG.get(slots, at);
      if (pointer == 0) {
        continue;
      }
      int block = (int) pointer;
      if (blocks.count(block) != 1) {
        removeBlockEdge(pointer, leaf);
        continue;
      }
      int itsOwner = blocks.owner(block);
      if (itsOwner != owner) {
        uncharge(owner, ofOwner);
        owner = itsOwner;
        ofOwner = 0;
      }
      ofOwner++;
      blocks.setCount(block, 0);
      free(pointer);
      freed++;
    }
    uncharge(owner, ofOwner);
    nodes.setOwn(leaf, nodes.own(leaf) - freed);
    pending -= freed;
    used -= freed;
  }

  // ---------------------------------------------------------------- figures

  long used() {
    return used;
  }

  long promised() {
    return promised;
  }

  long referenced() {
    return referenced;
  }

  long retained() {
    return retained;
  }

  long pending() {
    return pending;
  }

  long pendingNodes() {
    return stackedNodes;
  }

  int pendingStack() {
    return stack;
  }

  StoreTotals totals() {
    return new StoreTotals(used, promised, referenced, retained, pending, stack, stackedNodes);
  }

  /** Counts again after the tables and files are loaded; takes the capacity whatever it is. */
  void restore(long blocksInUse, int firstWaiting) {
    used = blocksInUse;
    for (FileMap file : files.all()) {
      promised += file.hidden ? 0 : file.reservedBlocks();
      referenced += file.hidden ? 0 : file.mapped;
      retained += file.released || file.hidden ? file.charged : 0;
    }
    stack = firstWaiting;
    for (int node = stack; node != 0; node = nodes.parents(node)) {
      pending += nodes.own(node);
      stackedNodes++;
    }
    published = used + promised;
    pool.take(published);
  }

  long limit() {
    return limit;
  }

  void setLimit(long limit) {
    this.limit = limit;
  }
}
