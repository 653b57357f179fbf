/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.map;

import java.nio.ByteBuffer;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.block.table.NodeTable;
import org.facsim.array.block.table.RecordTable;

/**
 * Finds and makes the nodes that may be written.
 *
 * <h2>One door to what may be written: shadow</h2>
 *
 * A node may be changed in place only if every node from the root down to it has one parent,
 * because then only this file sees it. {@link #shadow} makes a node private. If it is private
 * already, that costs nothing. If it is shared, it is copied. The children gain the copy as a
 * parent <em>before</em> the original loses this parent, so nothing is ever without a parent in
 * between. Shadowing goes top-down, so the nodes above are private already, and a node's own count
 * decides.
 *
 * <h2>In place, with readers about</h2>
 *
 * Readers hold pointers without holding counts. Therefore a change is one aligned store of a
 * pointer, a value or a root, and what it replaces is retired and not reused. A block keeps its
 * entry and swaps its value, or in memory even keeps its slot and gets other bytes ({@link
 * PreparedWrite#place}), on the same terms. Only when it turns from a word into payload, or back,
 * does it take a new entry.
 *
 * <p>There is one trap. A reader of file A holds a node that A shares with B. A's writer moves away
 * from the node, so now only B has it. If B then wrote in place, A's reader would see B's bytes.
 * Therefore a thing whose count fell to 1 is stamped. Until every reader of that moment has left,
 * it is replaced like a shared one: a node is <em>renamed</em> (same children, new number), and
 * passes its stamp on to the children, because the same reader may reach them; a block takes a new
 * entry. Neither changes a figure of the ledger.
 *
 * <p>Not thread-safe: callers hold the volume's lock.
 */
public final class Shadow {
  private final Ledger ledger;
  private final NodeTable nodes;
  private final BlockTable blocks;
  private final Epochs epochs;

  /** The private nodes from the root (at its level) down to the node that was asked for last. */
  private final int[] path = new int[NodeTable.MAX_HEIGHT + 1];

  public Shadow(Ledger ledger, Epochs epochs) {
    this.ledger = ledger;
    this.nodes = ledger.nodes;
    this.blocks = ledger.blocks;
    this.epochs = epochs;
  }

  /** The least height of a tree that covers blocks up to {@code lastBlock}. */
  static int heightFor(long lastBlock) {
    int height = 0;
    while (lastBlock >>> NodeTable.spanShift(height) != 0) {
      height++;
    }
    return height;
  }

  /** Returns the node of a level on the path to the node that was asked for last. */
  int pathNode(int level) {
    return path[level];
  }

  /** Makes the tree cover a block. */
  void grow(FileMap map, long lastBlock) {
    int needed = heightFor(lastBlock);
    long root = map.root();
    int height = FileMap.height(root);
    if (height >= needed) {
      return;
    }
    if (FileMap.pointer(root) == 0) {
      map.setRoot(0, needed);
      return;
    }
    for (; height < needed; height++) {
      long child = FileMap.pointer(map.root());
      int node = nodes.allocateEmpty(height + 1);
      nodes.setMapped(node, map.mapped);
      nodes.setPointer(node, 0, child);
      ledger.addNodeEdge(node, map.name());
      map.setRoot(node, height + 1);
      ledger.moveEdge(height, child, map.name(), node);
    }
  }

  /** Returns the leaf for a block, private and with a private path; 0 if the tree has height 0. */
  int leafFor(FileMap map, long block) {
    return nodeFor(map, block, 1);
  }

  /**
   * Returns the node of a level above a block, private and with a private path; 0 if there is none.
   */
  int nodeFor(FileMap map, long block, int downToLevel) {
    long root = map.root();
    int height = FileMap.height(root);
    if (height == 0) {
      return 0;
    }
    int node = privateNode(map, 0, 0, height, (int) FileMap.pointer(root));
    path[height] = node;
    for (int level = height; level > downToLevel; level--) {
      int index = NodeTable.indexOf(level, block);
      node = privateNode(map, node, index, level - 1, (int) nodes.pointer(node, index));
      path[level - 1] = node;
    }
    return node;
  }

  /**
   * Returns the pointer to a block that no reader can reach but through this map: whose whole path
   * is private. 0 if there is none, or if its path has yet to be made private.
   */
  long privatePointer(FileMap map, long block) {
    long root = map.root();
    int level = FileMap.height(root);
    long pointer = FileMap.pointer(root);
    if (block >>> NodeTable.spanShift(level) != 0) {
      return 0;
    }
    for (; level > 0 && pointer != 0; level--) {
      if (!isPrivate((int) pointer)) {
        return 0;
      }
      pointer = nodes.pointer((int) pointer, NodeTable.indexOf(level, block));
    }
    return pointer;
  }

  private boolean isPrivate(int node) {
    int stamp = nodes.stamp(node);
    return nodes.count(node) == 1 && (stamp == 0 || epochs.elapsedStamp(stamp));
  }

  private int privateNode(FileMap map, int parent, int index, int level, int node) {
    if (node != 0) {
      return shadow(map, parent, index, level, node);
    }
    int made = nodes.allocateEmpty(level);
    ledger.addNodeEdge(made, parent == 0 ? map.name() : parent);
    linkNode(map, parent, index, level, made);
    return made;
  }

  /**
   * Makes a node private. No other method makes nodes that may be written.
   *
   * @param parent the private node that holds it, or 0 if it is the root
   */
  int shadow(FileMap map, int parent, int index, int level, int node) {
    int count = nodes.count(node);
    int stamp = nodes.stamp(node);
    if (count == 1 && stamp == 0) {
      return node;
    }
    if (count == 1 && epochs.elapsedStamp(stamp)) {
      nodes.setStamp(node, 0);
      return node;
    }
    int copy = nodes.allocateCopy(node);
    int parentName = parent == 0 ? map.name() : parent;
    if (count == 1) {
      rename(node, copy, level, stamp);
      nodes.setParents(copy, parentName);
      nodes.setCount(copy, 1);
      linkNode(map, parent, index, level, copy);
      nodes.setCount(node, 0);
      nodes.retire(node);
    } else {
      addParentToChildren(copy, level);
      nodes.setOwn(node, 0);
      ledger.addNodeEdge(copy, parentName);
      linkNode(map, parent, index, level, copy);
      ledger.removeEdge(level, node, parentName);
    }
    return copy;
  }

  /**
   * From now on, every child of a copied node has two or more parents, so neither the original nor
   * the copy owns anything. The original has several parents, so their figures did not count what
   * it owned and do not change.
   */
  private void addParentToChildren(int copy, int level) {
    ByteBuffer slab = nodes.slab(copy);
    int body = nodes.body(copy);
    for (int at = body; at < body + NodeTable.BODY_BYTES; at += Long.BYTES) {
      int child = (int) (long) RecordTable.LONG.get(slab, at);
      if (child == 0) {
        continue;
      }
      if (level == 1) {
        blocks.addParent(child, copy);
      } else {
        nodes.addParent(child, copy);
      }
    }
  }

  /** Moves all children from a node to its copy, and the stamp to the children. */
  private void rename(int node, int copy, int level, int stamp) {
    nodes.setOwn(copy, nodes.own(node));
    for (int index = 0; index < NodeTable.FANOUT; index++) {
      int child = (int) nodes.pointer(copy, index);
      if (child == 0) {
        continue;
      }
      if (level == 1) {
        blocks.setParents(child, blocks.parents(child) ^ node ^ copy);
        if (isLater(stamp, blocks.stamp(child))) {
          blocks.setStamp(child, stamp);
        }
      } else {
        nodes.setParents(child, nodes.parents(child) ^ node ^ copy);
        if (isLater(stamp, nodes.stamp(child))) {
          nodes.setStamp(child, stamp);
        }
      }
    }
  }

  private static boolean isLater(int stamp, int other) {
    return other == 0 || Epochs.compareStamps(stamp, other) > 0;
  }

  boolean settled(int block) {
    int stamp = blocks.stamp(block);
    if (stamp == 0) {
      return true;
    }
    if (epochs.elapsedStamp(stamp)) {
      blocks.setStamp(block, 0);
      return true;
    }
    return false;
  }

  long pointerAt(FileMap map, int leaf, int index) {
    return leaf == 0 ? FileMap.pointer(map.root()) : nodes.pointer(leaf, index);
  }

  void link(FileMap map, int leaf, int index, long pointer) {
    linkNode(map, leaf, index, 0, pointer);
  }

  private void linkNode(FileMap map, int parent, int index, int level, long pointer) {
    if (parent == 0) {
      map.setRoot(pointer, level);
    } else {
      nodes.setPointer(parent, index, pointer);
    }
  }
}
