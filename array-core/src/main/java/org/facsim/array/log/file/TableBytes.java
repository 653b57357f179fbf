/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * The bytes of a table in memory, of which only pages are held that were written. Little-endian.
 */
final class TableBytes {
  private static final int PAGE_SHIFT = 12;
  private static final int PAGE_BYTES = 1 << PAGE_SHIFT;

  private final TreeMap<Long, ByteBuffer> pages = new TreeMap<>();

  /** Where the last page ends. */
  long sizeBytes() {
    return pages.isEmpty() ? 0 : (pages.lastKey() + 1) << PAGE_SHIFT;
  }

  void put(long at, ByteBuffer bytes) {
    ByteBuffer rest = bytes.duplicate();
    while (rest.hasRemaining()) {
      int inPage = (int) at & (PAGE_BYTES - 1);
      int length = Math.min(rest.remaining(), PAGE_BYTES - inPage);
      page(at).put(inPage, rest, rest.position(), length);
      rest.position(rest.position() + length);
      at += length;
    }
  }

  void putInt(long at, int value) {
    page(at).putInt((int) at & (PAGE_BYTES - 1), value);
  }

  void putLong(long at, long value) {
    page(at).putLong((int) at & (PAGE_BYTES - 1), value);
  }

  private ByteBuffer page(long at) {
    return pages.computeIfAbsent(
        at >> PAGE_SHIFT, number -> ByteBuffer.allocate(PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN));
  }

  /** The bytes from a place on, zeros where none were written. */
  ByteBuffer get(long at, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      int inPage = (int) at & (PAGE_BYTES - 1);
      int part = Math.min(bytes.remaining(), PAGE_BYTES - inPage);
      ByteBuffer page = pages.get(at >> PAGE_SHIFT);
      if (page != null) {
        bytes.put(bytes.position(), page, inPage, part);
      }
      bytes.position(bytes.position() + part);
      at += part;
    }
    return bytes.flip();
  }

  /** Goes through all pages that were written, in order. */
  void forEachPage(BiConsumer<Long, ByteBuffer> page) {
    pages.forEach(
        (number, bytes) ->
            page.accept(
                number << PAGE_SHIFT, bytes.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN)));
  }
}
