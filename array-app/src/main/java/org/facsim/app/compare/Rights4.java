/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * Access control lists by what they mean. Servers may keep a list as they like, so the entries are
 * not compared: compared is who may read, write and execute, of owner, group and everybody else.
 */
final class Rights4 {
  private static final String[] CLASSES = {"OWNER@", "GROUP@", "EVERYONE@"};
  private static final int[] MASKS = {0x1, 0x6, 0x20};
  private static final int DELETE_CHILD = 0x40;
  private static final int MAX_ENTRIES = 1024;
  private static final int READ_ACL_AND_ATTRIBUTES = 0x2_0080;

  private Rights4() {}

  /**
   * Writes a list of three entries that allow.
   *
   * @param rights nine bits as in a mode
   */
  static void write(ByteBuf out, long rights) {
    out.writeInt(CLASSES.length);
    for (int i = 0; i < CLASSES.length; i++) {
      int bits = (int) (rights >> (6 - 3 * i)) & 7;
      int mask = READ_ACL_AND_ATTRIBUTES;
      for (int j = 0; j < MASKS.length; j++) {
        mask |= (bits & 4 >> j) != 0 ? MASKS[j] : 0;
        // what writing a folder is, too
        mask |= j == 1 && (bits & 2) != 0 ? DELETE_CHILD : 0;
      }
      out.writeInt(0).writeInt(i == 1 ? 0x40 : 0).writeInt(mask);
      Xdr.writeString(out, CLASSES[i]);
    }
  }

  /** Reads a list: what each class may, for example {@code rw-r--r--}. */
  static String of(ByteBuf in) {
    int count = Xdr.readLength(in, MAX_ENTRIES);
    int[] allowed = new int[CLASSES.length];
    int[] denied = new int[CLASSES.length];
    for (int i = 0; i < count; i++) {
      int type = in.readInt();
      in.readInt();
      int mask = in.readInt();
      String who = Xdr.readString(in, 1024);
      for (int j = 0; j < CLASSES.length; j++) {
        if (who.equals(CLASSES[j]) || who.equals(CLASSES[2])) {
          if (type == 0) {
            allowed[j] |= mask & ~denied[j];
          } else if (type == 1) {
            denied[j] |= mask & ~allowed[j];
          }
        }
      }
    }
    StringBuilder text = new StringBuilder();
    for (int each : allowed) {
      for (int j = 0; j < MASKS.length; j++) {
        text.append((each & MASKS[j]) == MASKS[j] ? "rwx".charAt(j) : '-');
      }
    }
    return text.toString();
  }
}
