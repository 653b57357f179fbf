/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * Neighbouring rows, stored together: for each its id (long), its length (int) and its bytes.
 * Little-endian.
 */
final class Bundle {
  private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;

  private final TreeMap<Long, ByteBuffer> rows = new TreeMap<>();

  static Bundle parse(byte[] bytes) {
    Bundle bundle = new Bundle();
    visit(bytes, bundle.rows::put);
    return bundle;
  }

  /** Receives one row; the bytes are a view, little-endian. */
  interface Rows {
    void row(long id, ByteBuffer bytes);
  }

  static void visit(byte[] bytes, Rows rows) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (in.hasRemaining()) {
      if (in.remaining() < HEADER_BYTES) {
        throw damaged();
      }
      long id = in.getLong();
      int length = in.getInt();
      if (length < 0 || length > in.remaining()) {
        throw damaged();
      }
      rows.row(id, in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN));
      in.position(in.position() + length);
    }
  }

  /** Adds or replaces a row, or removes it if the bytes are null. */
  void change(long id, ByteBuffer bytes) {
    if (bytes == null) {
      rows.remove(id);
    } else {
      rows.put(id, bytes);
    }
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  byte[] toBytes() {
    int size = 0;
    for (ByteBuffer row : rows.values()) {
      size += HEADER_BYTES + row.remaining();
    }
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    for (Map.Entry<Long, ByteBuffer> row : rows.entrySet()) {
      ByteBuffer bytes = row.getValue().duplicate();
      out.putLong(row.getKey()).putInt(bytes.remaining()).put(bytes);
    }
    return out.array();
  }

  private static ArrayException damaged() {
    return new ArrayException(ArrayError.IO, "a bundle of rows is damaged");
  }
}
