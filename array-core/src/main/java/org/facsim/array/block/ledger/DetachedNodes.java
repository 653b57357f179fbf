/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import java.nio.ByteBuffer;
import java.util.List;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;
import org.facsim.array.block.table.RecordTable;

/**
 * Nodes that lost their last edge and wait to be taken apart. They form a stack, with its links
 * inside the nodes. Until then, their children keep the edges from them. Therefore shared blocks
 * look more shared than they are meanwhile: {@code own} is never too high, and charges and physical
 * use are never too low. The blocks that wait for reclaim are exactly the sum of {@code own} over
 * the stack. A weight that goes up to a node of count 0 is such a block.
 *
 * <p>Not thread-safe: callers hold the volume's lock.
 */
public final class DetachedNodes {
  private final Ledger ledger;
  private final NodeTable nodes;
  private final BlockTable blocks;

  /** Null if there never is one. */
  private Backlog backlog;

  private int top;
  private long count;

  /** Sum of {@code own} over all of them. */
  private long own;

  DetachedNodes(Ledger ledger) {
    this.ledger = ledger;
    this.nodes = ledger.nodes;
    this.blocks = ledger.blocks;
  }

  /**
   * Sets where released maps wait that nobody has looked at yet; null if there are no more of them.
   */
  public void setBacklog(Backlog backlog) {
    this.backlog = backlog;
  }

  /** Adds a node that has no edge any more. */
  void push(int node) {
    own += nodes.own(node);
    nodes.setParents(node, top);
    top = node;
    count++;
  }

  /** Notes that a node in the stack owns more, or less. */
  void credit(long delta) {
    own += delta;
  }

  /** Whether something waits for reclaim. */
  public boolean isWaiting() {
    return top != 0 || (backlog != null && backlog.isWaiting());
  }

  /** Released maps that nobody has looked at yet. */
  public List<FileMap> waitingMaps() {
    return backlog == null ? List.of() : backlog.waitingMaps();
  }

  /**
   * Takes apart up to {@code maxNodes}, or detaches some. Returns whether there was something to
   * do.
   */
  public boolean reclaim(int maxNodes) {
    if (top == 0) {
      if (!isWaiting()) {
        return false;
      }
      backlog.step();
      return true;
    }
    for (int i = 0; i < maxNodes && top != 0; i++) {
      int node = top;
      top = nodes.parents(node);
      count--;
      takeApart(node);
    }
    return true;
  }

  /** Takes everything that waits apart, if it is at most {@code maxLeaves} leaves. */
  public void reclaimIfFew(int maxLeaves) {
    while (count <= maxLeaves && top != 0 && nodes.level(top) == 1) {
      reclaim(1);
    }
  }

  private void takeApart(int node) {
    if (nodes.level(node) == 1) {
      emptyLeaf(node);
    } else {
      for (int index = 0; index < NodeTable.FANOUT; index++) {
        long pointer = nodes.pointer(node, index);
        if (pointer != 0) {
          ledger.removeNodeEdge((int) pointer, node);
        }
      }
    }
    if (nodes.own(node) != 0) {
      throw new IllegalStateException("node " + node + " owns " + nodes.own(node) + " after all");
    }
    nodes.retire(node);
  }

  /**
   * It has the same result as removing edge by edge. But a large delete spends nearly all its time
   * here, so it pays to add up what becomes free, and whose it was: a detached leaf passes nothing
   * on to a parent, and neighbours mostly have the same owner.
   */
  private void emptyLeaf(int leaf) {
    ByteBuffer slab = nodes.slab(leaf);
    int body = nodes.body(leaf);
    long freed = 0;
    int owner = 0;
    long ofOwner = 0;
    for (int at = body; at < body + NodeTable.BODY_BYTES; at += Long.BYTES) {
      long pointer = (long) RecordTable.LONG.get(slab, at);
      if (pointer == 0) {
        continue;
      }
      int block = (int) pointer;
      if (blocks.count(block) != 1) {
        ledger.removeBlockEdge(pointer, leaf);
        continue;
      }
      int itsOwner = blocks.owner(block);
      if (itsOwner != owner) {
        ledger.uncharge(owner, ofOwner);
        owner = itsOwner;
        ofOwner = 0;
      }
      ofOwner++;
      blocks.setCount(block, 0);
      ledger.free(pointer);
      freed++;
    }
    ledger.uncharge(owner, ofOwner);
    nodes.setOwn(leaf, nodes.own(leaf) - freed);
    own -= freed;
    ledger.capacity.use(-freed);
  }

  // ---------------------------------------------------------------- figures

  /** The blocks that wait for reclaim, without those of the backlog. */
  public long blocks() {
    return own;
  }

  public long count() {
    return count;
  }

  /** The first node of the chain through {@link NodeTable#parents}, or 0. */
  public int top() {
    return top;
  }

  /** Counts again after the tables are loaded. */
  void restore(int first) {
    top = first;
    for (int node = top; node != 0; node = nodes.parents(node)) {
      own += nodes.own(node);
      count++;
    }
  }
}
