/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Acl;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.ExtendedAttributes;

/**
 * Extended attributes and an ACL as they are stored, little-endian.
 *
 * <pre>
 *   long  next cookie
 *   int   extended attributes; for each: long cookie, int and bytes of the name, int and bytes of
 *         the value
 *   int   entries of the ACL, -1 for none; for each: int type, flags, mask, int and bytes of who
 * </pre>
 */
final class AttachmentsRow {
  private static final int NO_ACL = -1;

  /** What each attribute or entry takes in addition to its texts. */
  private static final int ITEM_BYTES = 16;

  private AttachmentsRow() {}

  static ByteBuffer of(Attachments attachments) {
    ExtendedAttributes extended = attachments.extended();
    List<Acl.Entry> acl = attachments.acl() == null ? List.of() : attachments.acl().entries();
    int items = extended.entries().size() + acl.size();
    int bytes = ITEM_BYTES * (items + 1) + Math.toIntExact(attachments.sizeBytes());
    ByteBuffer row = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    row.putLong(extended.nextCookie()).putInt(extended.entries().size());
    for (ExtendedAttributes.Entry entry : extended.entries()) {
      row.putLong(entry.cookie());
      put(row, entry.name().getBytes(StandardCharsets.UTF_8));
      put(row, entry.value());
    }
    row.putInt(attachments.acl() == null ? NO_ACL : acl.size());
    for (Acl.Entry entry : acl) {
      row.putInt(entry.type()).putInt(entry.flags()).putInt(entry.mask());
      put(row, entry.who().getBytes(StandardCharsets.UTF_8));
    }
    return row.flip();
  }

  private static void put(ByteBuffer row, byte[] bytes) {
    row.putInt(bytes.length).put(bytes);
  }

  /**
   * Decodes a row.
   *
   * @throws ArrayException IO if it is not one
   */
  static Attachments read(ByteBuffer row) {
    try {
      long nextCookie = row.getLong();
      int count = row.getInt();
      List<ExtendedAttributes.Entry> extended = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        long cookie = row.getLong();
        extended.add(new ExtendedAttributes.Entry(text(row), bytes(row), cookie));
      }
      Acl acl = readAcl(row);
      if (row.hasRemaining()) {
        throw damaged();
      }
      return new Attachments(new ExtendedAttributes(List.copyOf(extended), nextCookie), acl);
    } catch (BufferUnderflowException e) {
      throw damaged();
    } catch (ArrayException e) { // no client can have set such an entry or list
      throw damaged();
    }
  }

  private static Acl readAcl(ByteBuffer row) {
    int count = row.getInt();
    if (count == NO_ACL) {
      return null;
    }
    List<Acl.Entry> entries = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int type = row.getInt();
      int flags = row.getInt();
      int mask = row.getInt();
      entries.add(new Acl.Entry(type, flags, mask, text(row)));
    }
    return new Acl(entries);
  }

  private static String text(ByteBuffer row) {
    return new String(bytes(row), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer row) {
    int length = row.getInt();
    if (length < 0 || length > row.remaining()) {
      throw damaged();
    }
    byte[] bytes = new byte[length];
    row.get(bytes);
    return bytes;
  }

  private static ArrayException damaged() {
    return new ArrayException(ArrayError.IO, "extended attributes or ACL of an inode are damaged");
  }
}
