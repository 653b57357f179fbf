/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Changes in the order of their places, with each place once: what an image holds, or a sorted log,
 * or several of them together. What is in an upper layer replaces what is beneath it.
 */
interface Layer {
  /** Pieces of tables start and end at multiples of this. */
  int LINE_BYTES = 32;

  /** No piece of a table crosses a multiple of this. */
  int WINDOW_BYTES = 1 << 16;

  /** Goes through a section once. */
  interface Cursor {
    /** Moves to the first or the next change. Returns whether there is one. */
    boolean next();

    /** The owner of a row; 0 for a piece of a table. */
    long owner();

    /** The id of a row, or the byte at which the piece starts. */
    long id();

    /**
     * The row or the piece, little-endian and valid until {@link #next}; null for a removed row.
     */
    ByteBuffer bytes();
  }

  Set<Section> sections();

  /** Returns a cursor for a section. It is empty if the section is not here. */
  Cursor cursor(Section section);

  Cursor EMPTY =
      new Cursor() {
        @Override
        public boolean next() {
          return false;
        }

        @Override
        public long owner() {
          throw new IllegalStateException("nothing here");
        }

        @Override
        public long id() {
          throw new IllegalStateException("nothing here");
        }

        @Override
        public ByteBuffer bytes() {
          throw new IllegalStateException("nothing here");
        }
      };
}
