/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Changes in order of their place, each place once: what an image holds, or a log when it is
 * sorted, or several of them together. What lies in an upper layer replaces what lies beneath.
 */
interface Layer {
  /** Pieces of tables start and end at multiples of this. */
  int LINE_BYTES = 32;

  /** No piece of a table reaches over a multiple of this. */
  int WINDOW_BYTES = 1 << 16;

  /** Goes through a section once. */
  interface Cursor {
    /** Moves to the first or the next change; returns whether there is one. */
    boolean next();

    /** Of a row; 0 for a piece of a table. */
    long owner();

    /** Of a row, or the byte where the piece starts. */
    long id();

    /**
     * The row or the piece, little-endian, valid until {@link #next}; null for a row that is
     * removed.
     */
    ByteBuffer bytes();
  }

  Set<Section> sections();

  /** An empty one if the section is not here. */
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
