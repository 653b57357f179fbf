/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Items by a number that the server gives out, found without a lock. A number is 32 bits: a place,
 * and how often the place was used, so that an old number does not find a new item for a long time.
 * The place that was free longest is used next. Changed in the owner's monitor, read by any thread.
 */
final class Numbered<T> {
  private static final int PLACE_BITS = 20;
  private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;
  private static final int FIRST_LENGTH = 64;

  /** The most items that a number can tell apart. */
  static final int MAX_ITEMS = 1 << PLACE_BITS;

  private final int maxItems;
  private final Deque<Integer> free = new ArrayDeque<>();
  private volatile AtomicReferenceArray<T> items = new AtomicReferenceArray<>(FIRST_LENGTH);
  private short[] uses = new short[FIRST_LENGTH];
  private int everUsed;
  private int count;

  /**
   * @param maxItems 1 to {@link #MAX_ITEMS}
   */
  Numbered(int maxItems) {
    this.maxItems = maxItems;
  }

  boolean isFull() {
    return count >= maxItems;
  }

  int count() {
    return count;
  }

  /**
   * A number for an item, which is not found before {@link #put}.
   *
   * @throws IllegalStateException if it is full
   */
  int take() {
    if (isFull()) {
      throw new IllegalStateException("more than " + maxItems);
    }
    int place;
    // places are used once before one is used again, as long as that needs no larger array
    if (everUsed < items.length() || free.isEmpty()) {
      place = everUsed++;
      if (place >= items.length()) {
        grow();
      }
    } else {
      place = free.remove();
    }
    count++;
    return place | uses[place] << PLACE_BITS;
  }

  private void grow() {
    AtomicReferenceArray<T> longer = new AtomicReferenceArray<>(items.length() * 2);
    for (int i = 0; i < items.length(); i++) {
      longer.setPlain(i, items.get(i));
    }
    uses = java.util.Arrays.copyOf(uses, longer.length());
    items = longer;
  }

  void put(int number, T item) {
    items.set(number & PLACE_MASK, item);
  }

  /** The item at the place of a number, whose own number may be another one; or null. */
  T at(int number) {
    AtomicReferenceArray<T> all = items;
    int place = number & PLACE_MASK;
    return place < all.length() ? all.get(place) : null;
  }

  void remove(int number) {
    int place = number & PLACE_MASK;
    items.set(place, null);
    uses[place]++;
    free.add(place);
    count--;
  }
}
