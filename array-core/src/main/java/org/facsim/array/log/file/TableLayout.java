/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

/**
 * Where the records of a table are in its bytes: slabs, each with the heads of its records and then
 * their bodies. Written down here as they are stored; a new layout needs a new format version.
 *
 * @param headBytes the part of a record beside the heads of its neighbours
 * @param bodyBytes the rest of it
 * @param slabShift a slab holds 2 to this many records
 */
record TableLayout(int headBytes, int bodyBytes, int slabShift) {
  /** Nodes of formats 3 and 4. */
  static final TableLayout NODES = new TableLayout(32, 2048, 7);

  /** Nodes of format 1, and of the first directories of format 2. */
  static final TableLayout LARGE_NODES = new TableLayout(32, 2048, 9);

  /** Block entries of format 4: count, owner, parents; the value is the body. */
  static final TableLayout BLOCKS = new TableLayout(12, 8, 13);

  /** Block entries of formats 2 and 3: value, count, owner, parents, stamp. */
  static final TableLayout STAMPED_BLOCKS = new TableLayout(24, 0, 13);

  /** The same of format 1, and of the first directories of format 2. */
  static final TableLayout LARGE_STAMPED_BLOCKS = new TableLayout(24, 0, 15);

  long slabBytes() {
    return (long) (headBytes + bodyBytes) << slabShift;
  }

  /** Where the head of a record is. */
  long head(int id) {
    return (id >>> slabShift) * slabBytes() + (long) inSlab(id) * headBytes;
  }

  /** Where the body of a record is. */
  long body(int id) {
    return (id >>> slabShift) * slabBytes()
        + ((long) headBytes << slabShift)
        + (long) inSlab(id) * bodyBytes;
  }

  private int inSlab(int id) {
    return id & ((1 << slabShift) - 1);
  }

  /** One more than the greatest record that a table of this many bytes may have. */
  int endId(long sizeBytes) {
    return Math.toIntExact(((sizeBytes + slabBytes() - 1) / slabBytes()) << slabShift);
  }
}
