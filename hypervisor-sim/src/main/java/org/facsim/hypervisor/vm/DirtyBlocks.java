/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.BitSet;

/** What a guest changed on a disk while it is being moved, in blocks of 1 MiB. Thread-safe. */
final class DirtyBlocks {
  static final int BLOCK_BYTES = 1 << 20;

  private BitSet dirty = new BitSet();

  /** To be called before a write, so that a copy that misses it is made again. */
  synchronized void note(long offsetBytes, long lengthBytes) {
    dirty.set(
        (int) (offsetBytes / BLOCK_BYTES),
        (int) ((offsetBytes + lengthBytes - 1) / BLOCK_BYTES) + 1);
  }

  synchronized long bytes() {
    return (long) dirty.cardinality() * BLOCK_BYTES;
  }

  /** The blocks so far; from now on, new ones are collected. */
  synchronized BitSet take() {
    BitSet taken = dirty;
    dirty = new BitSet();
    return taken;
  }
}
