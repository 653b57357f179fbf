/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.zip.CRC32C;

/**
 * Where a change is kept in the database: pages of 4 KiB of a table, bundles of neighbouring rows.
 *
 * @param owner of rows; 0 for a table
 * @param number of the page in its table, or of the bundle
 */
record PageKey(RecordKind kind, int volume, long owner, long number)
    implements Comparable<PageKey> {
  static final int TABLE_PAGE_SHIFT = 12;
  static final int TABLE_PAGE_BYTES = 1 << TABLE_PAGE_SHIFT;

  /** Rows in a bundle: few rows to load, little to rewrite. */
  static final int BUNDLE_SHIFT = 4;

  private static final int VOLUME_SHIFT = 40;
  private static final int KIND_SHIFT = 36;

  private static final Comparator<PageKey> ORDER =
      Comparator.comparing(PageKey::kind)
          .thenComparingInt(PageKey::volume)
          .thenComparingLong(PageKey::owner)
          .thenComparingLong(PageKey::number);

  static PageKey ofRow(RecordKind kind, int volume, long owner, long id) {
    return new PageKey(kind, volume, owner, id >> BUNDLE_SHIFT);
  }

  static PageKey ofTable(RecordKind kind, int volume, long offsetBytes) {
    return new PageKey(kind, volume, 0, offsetBytes >> TABLE_PAGE_SHIFT);
  }

  /** The one number by which a table page is stored; pages of a table are neighbours. */
  long tableRow() {
    return firstTableRow(volume) | (long) kind.code() << KIND_SHIFT | number;
  }

  static long firstTableRow(int volume) {
    return (long) volume << VOLUME_SHIFT;
  }

  /** Tells a page that is damaged, and one that stands in another's place. */
  int checksum(byte[] bytes) {
    ByteBuffer name = ByteBuffer.allocate(21).order(ByteOrder.LITTLE_ENDIAN);
    name.put((byte) kind.code()).putInt(volume).putLong(owner).putLong(number);
    CRC32C crc = new CRC32C();
    crc.update(name.array());
    crc.update(bytes);
    return (int) crc.getValue();
  }

  @Override
  public int compareTo(PageKey other) {
    return ORDER.compare(this, other);
  }
}
