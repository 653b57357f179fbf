/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Reservations;

/**
 * A block map as it is stored.
 *
 * <pre>
 *   byte   0  root      long  as {@link FileMap#root}
 *          8  mapped    long
 *         16  own       long
 *         24  charged   long
 *         32  flags     int   1: displaced, 2: released, 4: hidden
 *         36  ranges    int   how many
 *         40  range     long, long: first reserved block and end, for each
 * </pre>
 */
final class MapRow {
  private static final int HEADER_BYTES = 40;
  private static final int DISPLACED = 1;
  private static final int RELEASED = 2;
  private static final int HIDDEN = 4;

  private MapRow() {}

  static int bytes(int ranges) {
    return HEADER_BYTES + ranges * 2 * Long.BYTES;
  }

  static void write(FileMap file, ByteBuffer out) {
    out.putLong(file.root()).putLong(file.mapped).putLong(file.own).putLong(file.charged);
    int displaced = file.displaced ? DISPLACED : 0;
    int released = file.isReleased() ? RELEASED : 0;
    out.putInt(displaced | released | (file.hidden ? HIDDEN : 0));
    Reservations promised = file.reservations();
    out.putInt(promised == null ? 0 : promised.rangeCount());
    if (promised != null) {
      promised.forEach((from, to) -> out.putLong(from).putLong(to));
    }
  }

  /**
   * Fills a map from its row.
   *
   * @throws ArrayException IO if it is not one
   */
  static void read(FileMap file, ByteBuffer in) {
    if (in.remaining() < HEADER_BYTES) {
      throw damaged(file);
    }
    long root = in.getLong();
    file.setRoot(FileMap.pointer(root), FileMap.height(root));
    file.mapped = in.getLong();
    file.own = in.getLong();
    file.charged = in.getLong();
    int flags = in.getInt();
    file.displaced = (flags & DISPLACED) != 0;
    file.setReleased((flags & RELEASED) != 0);
    file.hidden = (flags & HIDDEN) != 0;
    int ranges = in.getInt();
    if (ranges < 0 || in.remaining() != ranges * 2L * Long.BYTES) {
      throw damaged(file);
    }
    if (ranges > 0) {
      for (int i = 0; i < ranges; i++) {
        file.reservationsToAddTo().add(in.getLong(), in.getLong());
      }
    }
  }

  private static ArrayException damaged(FileMap file) {
    return new ArrayException(ArrayError.IO, "block map " + file.number + " is damaged");
  }
}
