/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the rows of a table of an SQLite database, in the order of their keys. It knows both kinds
 * of trees, and the values that our tables had: whole numbers, texts and bytes.
 */
final class SqliteTable {
  private static final int INNER_INDEX = 2;
  private static final int INNER_TABLE = 5;
  private static final int LEAF_INDEX = 10;
  private static final int LEAF_TABLE = 13;

  /** Deeper than any tree of the greatest database. */
  private static final int MAX_DEPTH = 40;

  private static final int SCHEMA_PAGE = 1;

  /** Receives a row: a {@link Long}, a {@code byte[]} or null for each column. */
  interface Rows {
    /**
     * Takes the next row.
     *
     * @param key of a table with a whole number as its key, whose column is null then; otherwise 0
     */
    void row(long key, List<Object> values);
  }

  private final SqlitePages pages;

  SqliteTable(SqlitePages pages) {
    this.pages = pages;
  }

  /**
   * Finds a table's tree.
   *
   * @return the number of its first page; 0 if there is no such table
   */
  int find(String name) {
    int[] found = {0};
    rows(
        SCHEMA_PAGE,
        (key, values) -> {
          if (values.size() >= 4
              && text(values.get(0)).equals("table")
              && text(values.get(1)).equals(name)) {
            found[0] = ((Long) values.get(3)).intValue();
          }
        });
    return found[0];
  }

  static String text(Object value) {
    return value instanceof byte[] bytes
        ? new String(bytes, java.nio.charset.StandardCharsets.UTF_8)
        : String.valueOf(value);
  }

  /**
   * Goes through a tree.
   *
   * @throws org.facsim.array.ArrayException IO if it is damaged
   */
  void rows(int root, Rows into) {
    try {
      visit(root, 0, into);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | ArithmeticException e) {
      throw pages.damaged("has a tree that is none: " + e.getMessage());
    } catch (java.nio.BufferUnderflowException e) {
      throw pages.damaged("has a row that is cut");
    }
  }

  private void visit(int number, int depth, Rows into) {
    if (depth > MAX_DEPTH) {
      throw pages.damaged("has a tree without end");
    }
    ByteBuffer page = pages.page(number);
    int head = number == SCHEMA_PAGE ? SqlitePages.DATABASE_HEADER_BYTES : 0;
    int kind = page.get(head);
    boolean isInner = kind == INNER_INDEX || kind == INNER_TABLE;
    if (!isInner && kind != LEAF_INDEX && kind != LEAF_TABLE) {
      throw pages.damaged("has page " + number + " of unknown kind " + kind);
    }
    int cells = Short.toUnsignedInt(page.getShort(head + 3));
    int pointers = head + (isInner ? 12 : 8);
    for (int cell = 0; cell < cells; cell++) {
      page.position(Short.toUnsignedInt(page.getShort(pointers + 2 * cell)));
      if (isInner) {
        int left = page.getInt();
        int after = page.position();
        visit(left, depth + 1, into);
        page.position(after);
      }
      if (kind != INNER_TABLE) {
        row(page, kind == LEAF_TABLE, into);
      }
    }
    if (isInner) {
      visit(page.getInt(head + 8), depth + 1, into);
    }
  }

  private void row(ByteBuffer page, boolean hasKey, Rows into) {
    int length = Math.toIntExact(varint(page));
    long key = hasKey ? varint(page) : 0;
    into.row(key, values(payload(page, length, hasKey)));
  }

  /** A row's bytes; what does not fit on its page goes on in a chain of others. */
  private ByteBuffer payload(ByteBuffer page, int length, boolean ofTable) {
    int usable = pages.usableBytes();
    int most = ofTable ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    int here = length;
    if (length > most) {
      int least = (usable - 12) * 32 / 255 - 23;
      int fitting = least + (length - least) % (usable - 4);
      here = fitting <= most ? fitting : least;
    }
    ByteBuffer whole = ByteBuffer.allocate(length);
    whole.put(page.slice(page.position(), here));
    if (here < length) {
      int next = page.getInt(page.position() + here);
      while (whole.hasRemaining()) {
        ByteBuffer more = pages.page(next);
        next = more.getInt(0);
        whole.put(more.slice(4, Math.min(usable - 4, whole.remaining())));
      }
    }
    return whole.flip();
  }

  private List<Object> values(ByteBuffer row) {
    int headEnd = row.position() + Math.toIntExact(varint(row.duplicate()));
    ByteBuffer head = row.duplicate();
    var unused = varint(head);
    row.position(headEnd);
    List<Object> values = new ArrayList<>();
    while (head.position() < headEnd) {
      values.add(value(Math.toIntExact(varint(head)), row));
    }
    return values;
  }

  private Object value(int type, ByteBuffer row) {
    return switch (type) {
      case 0 -> null;
      case 1, 2, 3, 4 -> number(row, type);
      case 5 -> number(row, 6);
      case 6 -> number(row, 8);
      case 8 -> 0L;
      case 9 -> 1L;
      default -> {
        if (type < 12) {
          throw pages.damaged("has a value of type " + type);
        }
        byte[] bytes = new byte[(type - 12) / 2];
        row.get(bytes);
        yield bytes;
      }
    };
  }

  /** A whole number in big-endian bytes, with its sign. */
  private static long number(ByteBuffer row, int bytes) {
    long value = row.get();
    for (int i = 1; i < bytes; i++) {
      value = (value << 8) | Byte.toUnsignedLong(row.get());
    }
    return value;
  }

  /** A number in 1 to 9 bytes: seven bits of each, eight of the ninth. */
  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int i = 0; i < 8; i++) {
      byte next = in.get();
      value = (value << 7) | (next & 0x7f);
      if (next >= 0) {
        return value;
      }
    }
    return (value << 8) | Byte.toUnsignedLong(in.get());
  }
}
