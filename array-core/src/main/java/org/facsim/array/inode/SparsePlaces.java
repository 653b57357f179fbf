/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * Like {@link SparseArray}, but of numbers that are not 0: directory entries by cookie. Numbers are
 * in leaves of 64, which begin small. A sparse array leads to the leaves. There is one writer at a
 * time, and any number of readers without a lock.
 */
final class SparsePlaces {
  private static final int LEAF_BITS = 6;
  private static final int LEAF_PLACES = 1 << LEAF_BITS;
  private static final int FIRST_PLACES = 8;
  private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(int[].class);

  /** The index in a leaf of the count of its numbers. */
  private static final int COUNT = 0;

  private final SparseArray<int[]> leaves = new SparseArray<>();
  private long lastIndex = -1;
  private long count;
  private long leafBytes;

  /** Returns the number, or 0. Takes no lock. */
  int get(long index) {
    int[] leaf = index < 0 ? null : leaves.get(index >>> LEAF_BITS);
    return leaf == null ? 0 : at(leaf, slotOf(index));
  }

  private static int slotOf(long index) {
    return (int) index & (LEAF_PLACES - 1);
  }

  private static int at(int[] leaf, int slot) {
    return slot + 1 < leaf.length ? (int) PLACE.getAcquire(leaf, slot + 1) : 0;
  }

  /** Returns the smallest index at or after an index that has a number, or -1. Takes no lock. */
  long next(long from) {
    long index = Math.max(0, from);
    while (true) {
      int[] leaf = leaves.get(index >>> LEAF_BITS);
      if (leaf == null) {
        long number = leaves.nextIndex(index >>> LEAF_BITS);
        if (number < 0) {
          return -1;
        }
        index = number << LEAF_BITS;
        leaf = leaves.get(number);
      }
      for (int slot = slotOf(index); leaf != null && slot + 1 < leaf.length; slot++) {
        if (at(leaf, slot) != 0) {
          return (index & -LEAF_PLACES) + slot;
        }
      }
      index = (index & -LEAF_PLACES) + LEAF_PLACES;
    }
  }

  /** Only the writer may ask. */
  long count() {
    return count;
  }

  /** How many bytes of the heap this takes beyond its first node. Only the writer may ask. */
  long heapBytes() {
    return leaves.heapBytes() + leafBytes;
  }

  private static long bytesOf(int[] leaf) {
    return (16 + (long) leaf.length * Integer.BYTES + 7) & ~7;
  }

  /** Adds a number above every index that was used before. Only the writer calls it. */
  void append(long index, int place) {
    if (index <= lastIndex) {
      throw new IllegalStateException("index " + index + " after " + lastIndex);
    }
    long previous = lastIndex;
    lastIndex = index;
    put(index, place);
    if (previous >= 0 && previous >>> LEAF_BITS != index >>> LEAF_BITS) {
      dropIfEmpty(previous, leaves.get(previous >>> LEAF_BITS));
    }
  }

  /** Adds a number at an index that was used before and is free. Only the writer calls it. */
  void putBack(long index, int place) {
    if (index > lastIndex) {
      append(index, place);
      return;
    }
    if (get(index) != 0) {
      throw new IllegalStateException("index " + index + " is taken");
    }
    put(index, place);
  }

  private void put(long index, int place) {
    int slot = slotOf(index);
    long number = index >>> LEAF_BITS;
    int[] leaf = leaves.get(number);
    if (leaf == null) {
      leaf = new int[1 + (slot < FIRST_PLACES ? FIRST_PLACES : LEAF_PLACES)];
      leafBytes += bytesOf(leaf);
      fill(leaf, slot, place);
      leaves.putBack(number, leaf);
      count++;
      return;
    }
    if (slot + 1 >= leaf.length) {
      leafBytes -= bytesOf(leaf);
      leaf = Arrays.copyOf(leaf, 1 + LEAF_PLACES);
      leafBytes += bytesOf(leaf);
      fill(leaf, slot, place);
      leaves.replace(number, leaf);
    } else {
      fill(leaf, slot, place);
    }
    count++;
  }

  private static void fill(int[] leaf, int slot, int place) {
    leaf[COUNT]++;
    PLACE.setRelease(leaf, slot + 1, place);
  }

  /** Replaces a number that is there. Only the writer calls it. */
  void replace(long index, int place) {
    PLACE.setRelease(existing(index), slotOf(index) + 1, place);
  }

  /** Removes a number and returns it. Only the writer calls it. */
  int remove(long index) {
    int[] leaf = existing(index);
    int place = at(leaf, slotOf(index));
    PLACE.setRelease(leaf, slotOf(index) + 1, 0);
    leaf[COUNT]--;
    count--;
    dropIfEmpty(index, leaf);
    return place;
  }

  private int[] existing(long index) {
    int[] leaf = index < 0 ? null : leaves.get(index >>> LEAF_BITS);
    if (leaf == null || at(leaf, slotOf(index)) == 0) {
      throw new IllegalStateException("nothing at index " + index);
    }
    return leaf;
  }

  /** The last leaf stays, so that a loop of insert and remove does not allocate. */
  private void dropIfEmpty(long index, int[] leaf) {
    long number = index >>> LEAF_BITS;
    if (leaf != null && leaf[COUNT] == 0 && number != lastIndex >>> LEAF_BITS) {
      leafBytes -= bytesOf(leaf);
      leaves.remove(number);
    }
  }
}
