/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

/**
 * Which blocks one file has; made by {@link BlockStore#newMap}. The figures are read with the
 * volume's lock held.
 */
public final class FileMap {
  FileMap() {}

  /** Blocks that this file maps, shared or not. */
  public long referencedBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Blocks that this file allocated and anyone still holds. */
  public long chargedBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }

  /** Blocks promised to this file and not yet used. */
  public long reservedBlocks() {
    throw new UnsupportedOperationException("skeleton");
  }
}
