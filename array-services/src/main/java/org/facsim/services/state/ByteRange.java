/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * Bytes of a file that follow each other.
 *
 * @param firstByte 0 or more
 * @param lastByte not below the first; {@link #END} for everything to the end of the file, even
 *     when it grows
 */
public record ByteRange(long firstByte, long lastByte) {
  /** The last byte that a file can ever have. */
  public static final long END = Long.MAX_VALUE;

  /** All of a file. */
  public static final ByteRange WHOLE = new ByteRange(0, END);

  public ByteRange {
    if (firstByte < 0 || lastByte < firstByte) {
      throw new IllegalArgumentException("range " + firstByte + " to " + lastByte);
    }
  }

  boolean overlaps(ByteRange other) {
    return firstByte <= other.lastByte && other.firstByte <= lastByte;
  }

  /** Whether there are bytes of this on both sides of the other. */
  boolean surrounds(ByteRange other) {
    return firstByte < other.firstByte && lastByte > other.lastByte;
  }

  @Override
  public String toString() {
    return firstByte + " to " + (lastByte == END ? "end" : Long.toString(lastByte));
  }
}
