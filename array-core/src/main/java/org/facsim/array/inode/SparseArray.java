/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * An array over ever-growing indices with gaps: inodes by file id, directory entries by cookie.
 *
 * <p>A radix tree of 64-way nodes that grows in height. There is one writer at a time, which holds
 * the volume's lock, and any number of readers without a lock. A reader meets only nodes that were
 * filled before they were published, because every element is written with release and read with
 * acquire semantics.
 *
 * <p>Indices are given out in ascending order and never twice, but an element may come back to its
 * own index. This has two advantages. A node whose elements are all gone can be unlinked at once,
 * because a reader inside it misses at most what was added after the reader began. (The tail node,
 * where the next index goes, is kept until the array moves past it, so that a loop of insert and
 * remove does not allocate.) And growing never copies, because the old root becomes child 0 of the
 * new one.
 *
 * <p>Getting takes O(height): at most 11 hops, and 4 for a million elements. Putting and removing
 * take the same. Finding the next element takes O(height) hops and skips empty places. A million
 * dense elements take 4.4 bytes each.
 */
final class SparseArray<T> {
  private static final int FAN_OUT_BITS = 6;
  private static final int FAN_OUT = 1 << FAN_OUT_BITS;
  private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Object[].class);

  private static final class Node {
    /** Elements at shift 0, child nodes above. */
    final Object[] slots = new Object[FAN_OUT];

    final int shift;

    /** How many slots are in use. Only the writer looks at it. */
    int live;

    Node(int shift) {
      this.shift = shift;
    }

    Object get(int slot) {
      return SLOT.getAcquire(slots, slot);
    }

    void set(int slot, Object value) {
      SLOT.setRelease(slots, slot, value);
    }

    boolean covers(long index) {
      return shift + FAN_OUT_BITS >= Long.SIZE || index >>> (shift + FAN_OUT_BITS) == 0;
    }

    int slotOf(long index) {
      return (int) (index >>> shift) & (FAN_OUT - 1);
    }
  }

  private volatile Node root = new Node(0);
  private int nodes = 1;
  private long lastIndex = -1;
  private long count;

  /** Returns the element, or null. Takes no lock. */
  T get(long index) {
    Node leaf = leafOrNull(index);
    return leaf == null ? null : element(leaf.get(leaf.slotOf(index)));
  }

  private Node leafOrNull(long index) {
    Node node = root;
    if (index < 0 || !node.covers(index)) {
      return null;
    }
    while (node != null && node.shift > 0) {
      node = (Node) node.get(node.slotOf(index));
    }
    return node;
  }

  /**
   * Returns the element with the smallest index at or after {@code from}, or null. Takes no lock.
   */
  T next(long from) {
    Node top = root;
    long start = Math.max(0, from);
    return top.covers(start) ? next(top, start) : null;
  }

  private T next(Node node, long from) {
    long rest = from;
    for (int slot = node.slotOf(from); slot < FAN_OUT; slot++) {
      Object value = node.get(slot);
      if (value != null) {
        T found = node.shift == 0 ? element(value) : next((Node) value, rest);
        if (found != null) {
          return found;
        }
      }
      rest = 0; // every later child is searched from its own start
    }
    return null;
  }

  /** Returns the index of what {@link #next} finds, or -1. Takes no lock. */
  long nextIndex(long from) {
    Node top = root;
    long start = Math.max(0, from);
    return top.covers(start) ? nextIndex(top, start, 0) : -1;
  }

  private static long nextIndex(Node node, long from, long base) {
    long rest = from;
    for (int slot = node.slotOf(from); slot < FAN_OUT; slot++) {
      Object value = node.get(slot);
      if (value != null) {
        long at = base | (long) slot << node.shift;
        long found = node.shift == 0 ? at : nextIndex((Node) value, rest, at);
        if (found >= 0) {
          return found;
        }
      }
      rest = 0; // every later child is searched from its own start
    }
    return -1;
  }

  /** How many elements there are. Only the writer may ask. */
  long count() {
    return count;
  }

  /** How many bytes of the heap this takes beyond its first node. Only the writer may ask. */
  long heapBytes() {
    return (nodes - 1L) * HeapCost.SPARSE_NODE_BYTES;
  }

  /** Adds an element above every index that was used before. Only the writer calls it. */
  void append(long index, T element) {
    if (index <= lastIndex) {
      throw new IllegalStateException("index " + index + " after " + lastIndex);
    }
    while (!root.covers(index)) {
      Node taller = new Node(root.shift + FAN_OUT_BITS);
      taller.set(0, root);
      taller.live = 1;
      nodes++;
      root = taller;
    }
    long previousTail = lastIndex;
    Node leaf = leafFor(index);
    leaf.set(leaf.slotOf(index), element);
    leaf.live++;
    count++;
    lastIndex = index;
    if (previousTail >= 0 && previousTail >>> FAN_OUT_BITS != index >>> FAN_OUT_BITS) {
      prune(root, previousTail);
    }
  }

  private Node leafFor(long index) {
    Node node = root;
    while (node.shift > 0) {
      int slot = node.slotOf(index);
      Node child = (Node) node.get(slot);
      if (child == null) {
        child = new Node(node.shift - FAN_OUT_BITS);
        nodes++;
        node.set(slot, child);
        node.live++;
      }
      node = child;
    }
    return node;
  }

  /**
   * Adds an element at an index that was used before and is free. Only the writer calls it. A
   * reader inside a node that was unlinked meanwhile misses it, as if it had been added after the
   * reader began.
   */
  void putBack(long index, T element) {
    if (index > lastIndex) { // all elements above it were away when this was loaded
      append(index, element);
      return;
    }
    if (get(index) != null) {
      throw new IllegalStateException("index " + index + " is taken");
    }
    Node leaf = leafFor(index);
    leaf.set(leaf.slotOf(index), element);
    leaf.live++;
    count++;
  }

  /** Replaces an element that is there. Only the writer calls it. */
  void replace(long index, T element) {
    Node leaf = existingLeaf(index);
    leaf.set(leaf.slotOf(index), element);
  }

  /** Removes an element. Only the writer calls it. */
  void remove(long index) {
    Node leaf = existingLeaf(index);
    leaf.set(leaf.slotOf(index), null);
    leaf.live--;
    count--;
    if (leaf.live == 0) {
      prune(root, index);
    }
  }

  private Node existingLeaf(long index) {
    Node leaf = leafOrNull(index);
    if (leaf == null || leaf.get(leaf.slotOf(index)) == null) {
      throw new IllegalStateException("nothing at index " + index);
    }
    return leaf;
  }

  /** Unlinks the empty nodes on the way to an index, but never those on the way to the tail. */
  private void prune(Node node, long index) {
    if (node.shift == 0) {
      return;
    }
    int slot = node.slotOf(index);
    Node child = (Node) node.get(slot);
    if (child == null) {
      return;
    }
    prune(child, index);
    boolean holdsTail = index >>> node.shift == lastIndex >>> node.shift;
    if (child.live == 0 && !holdsTail) {
      node.set(slot, null);
      node.live--;
      nodes--;
    }
  }

  @SuppressWarnings("unchecked") // only append and replace put elements in, and only of type T
  private T element(Object value) {
    return (T) value;
  }
}
