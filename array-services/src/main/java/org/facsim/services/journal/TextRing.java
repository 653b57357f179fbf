/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/**
 * Texts of the journal, one behind the other: paths, names, labels of faults, ends of connections.
 * The latest replace the oldest. A text is found by its <em>reference</em>, where it begins if the
 * ring never ended; 0 is no text. Several entries may refer to one text.
 *
 * <p>Adding takes a lock. Reading takes none: a reader copies and then looks whether the place was
 * given to another text meanwhile.
 */
final class TextRing {
  /** The longest text; the rest of a longer one is dropped. */
  static final int MAX_BYTES = 4096;

  private final ByteBuffer bytes;

  /** Where the next text begins; everything before it less the size of the ring is overwritten. */
  private volatile long head = 1;

  /**
   * @param sizeBytes of the ring, at least twice the longest text
   */
  TextRing(int sizeBytes) {
    if (sizeBytes < 2 * (MAX_BYTES + Short.BYTES)) {
      throw new IllegalArgumentException("a ring of " + sizeBytes + " bytes");
    }
    bytes = ByteBuffer.allocateDirect(sizeBytes);
  }

  int sizeBytes() {
    return bytes.capacity();
  }

  /** Adds a text. Returns its reference. */
  synchronized long add(byte[] text) {
    int length = Math.min(text.length, MAX_BYTES);
    int needed = Short.BYTES + length;
    long begin = head;
    int at = place(begin);
    if (at + needed > bytes.capacity()) { // a text lies in one piece
      begin += bytes.capacity() - at;
      at = 0;
    }
    head = begin + needed;
    VarHandle.fullFence(); // readers learn that the place is taken before its bytes change
    bytes.putShort(at, (short) length);
    bytes.put(at + Short.BYTES, text, 0, length);
    return begin;
  }

  /** Whether a text is young enough for new entries to refer to it. */
  boolean isFresh(long reference) {
    return reference != 0 && head - reference < bytes.capacity() / 2;
  }

  /** The text, or null if there is none any more. */
  byte[] get(long reference) {
    if (isGone(reference)) {
      return null;
    }
    int at = place(reference);
    int length = Math.min(bytes.getShort(at), bytes.capacity() - at - Short.BYTES);
    if (length < 0) {
      return null; // it was overwritten just now
    }
    byte[] text = new byte[length];
    bytes.get(at + Short.BYTES, text);
    VarHandle.acquireFence();
    return isGone(reference) ? null : text;
  }

  private boolean isGone(long reference) {
    return head - reference > bytes.capacity();
  }

  private int place(long reference) {
    return (int) (reference % bytes.capacity());
  }
}
