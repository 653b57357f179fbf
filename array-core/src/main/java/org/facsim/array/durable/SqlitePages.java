/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/** Pages of tables and bundles of rows in the database, each with its checksum. */
final class SqlitePages {
  /** Rows of a removed volume that are deleted in one commit. */
  private static final int PURGE_ROWS = 256;

  private final Path file;
  private final Connection connection;
  private final PreparedStatement findPage;
  private final PreparedStatement storePage;
  private final PreparedStatement findBundle;
  private final PreparedStatement storeBundle;
  private final PreparedStatement removeBundle;
  private final Deque<Integer> toPurge = new ArrayDeque<>();
  private boolean purgeFinished;

  SqlitePages(Path file, Connection connection) throws SQLException {
    this.file = file;
    this.connection = connection;
    findPage = connection.prepareStatement("SELECT crc, bytes FROM page WHERE key = ?");
    storePage =
        connection.prepareStatement(
            "INSERT INTO page VALUES(?1, ?2, ?3)"
                + " ON CONFLICT(key) DO UPDATE SET crc = ?2, bytes = ?3");
    findBundle =
        connection.prepareStatement(
            "SELECT crc, bytes FROM bundle"
                + " WHERE volume = ? AND kind = ? AND owner = ? AND number = ?");
    storeBundle =
        connection.prepareStatement(
            "INSERT INTO bundle VALUES(?1, ?2, ?3, ?4, ?5, ?6)"
                + " ON CONFLICT(volume, kind, owner, number) DO UPDATE SET crc = ?5, bytes = ?6");
    removeBundle =
        connection.prepareStatement(
            "DELETE FROM bundle WHERE volume = ? AND kind = ? AND owner = ? AND number = ?");
  }

  static void createTables(Statement statement) throws SQLException {
    statement.execute(
        "CREATE TABLE page(key INTEGER PRIMARY KEY, crc INTEGER NOT NULL, bytes BLOB NOT NULL)");
    statement.execute(
        "CREATE TABLE bundle(volume INTEGER, kind INTEGER, owner INTEGER, number INTEGER,"
            + " crc INTEGER NOT NULL, bytes BLOB NOT NULL,"
            + " PRIMARY KEY(volume, kind, owner, number)) WITHOUT ROWID");
  }

  /** The stored bytes, or null. */
  byte[] find(PageKey key) throws SQLException {
    PreparedStatement find = key.kind().isTable() ? findPage : findBundle;
    name(find, key);
    try (ResultSet row = find.executeQuery()) {
      return row.next() ? checked(key, row.getInt(1), row.getBytes(2)) : null;
    }
  }

  /**
   * @param bytes null to remove a bundle
   */
  void store(PageKey key, byte[] bytes) throws SQLException {
    if (bytes == null) {
      name(removeBundle, key);
      removeBundle.executeUpdate();
      return;
    }
    PreparedStatement store = key.kind().isTable() ? storePage : storeBundle;
    int column = name(store, key);
    store.setInt(column, key.checksum(bytes));
    store.setBytes(column + 1, bytes);
    store.executeUpdate();
  }

  /** Returns the next free parameter. */
  private static int name(PreparedStatement statement, PageKey key) throws SQLException {
    if (key.kind().isTable()) {
      statement.setLong(1, key.tableRow());
      return 2;
    }
    statement.setInt(1, key.volume());
    statement.setInt(2, key.kind().code());
    statement.setLong(3, key.owner());
    statement.setLong(4, key.number());
    return 5;
  }

  void load(RecordKind kind, int volume, Batch.Changes into) throws SQLException {
    if (kind.isTable()) {
      loadTable(kind, volume, into);
    } else {
      loadRows(kind, volume, into);
    }
  }

  private void loadTable(RecordKind kind, int volume, Batch.Changes into) throws SQLException {
    long first = new PageKey(kind, volume, 0, 0).tableRow();
    long end = first + (1L << 36);
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT key, crc, bytes FROM page WHERE key >= ? AND key < ? ORDER BY key")) {
      select.setLong(1, first);
      select.setLong(2, end);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          PageKey key = new PageKey(kind, volume, 0, rows.getLong(1) - first);
          byte[] bytes = checked(key, rows.getInt(2), rows.getBytes(3));
          long offsetBytes = key.number() << PageKey.TABLE_PAGE_SHIFT;
          into.change(kind, volume, 0, offsetBytes, little(bytes));
        }
      }
    }
  }

  private void loadRows(RecordKind kind, int volume, Batch.Changes into) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT owner, number, crc, bytes FROM bundle WHERE volume = ? AND kind = ?"
                + " ORDER BY owner, number")) {
      select.setInt(1, volume);
      select.setInt(2, kind.code());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          PageKey key = new PageKey(kind, volume, rows.getLong(1), rows.getLong(2));
          byte[] bytes = checked(key, rows.getInt(3), rows.getBytes(4));
          Bundle.visit(bytes, (id, row) -> into.change(kind, volume, key.owner(), id, row));
        }
      }
    }
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private byte[] checked(PageKey key, int crc, byte[] bytes) {
    boolean fits =
        bytes != null
            && (!key.kind().isTable() || bytes.length == PageKey.TABLE_PAGE_BYTES)
            && crc == key.checksum(bytes);
    if (!fits) {
      throw new ArrayException(ArrayError.IO, file + ": " + key + " is damaged");
    }
    return bytes;
  }

  // ---------------------------------------------------------------- removed volumes

  /** From now on {@link #purgeSome} deletes what is stored of them. */
  void purge(Collection<Integer> volumes) {
    toPurge.addAll(volumes);
  }

  /** Within a transaction, deletes some rows of a removed volume. Returns whether there was one. */
  boolean purgeSome() throws SQLException {
    if (toPurge.isEmpty()) {
      return false;
    }
    int volume = toPurge.getFirst();
    long first = PageKey.firstTableRow(volume);
    long end = PageKey.firstTableRow(volume + 1);
    int deleted;
    try (Statement statement = connection.createStatement()) {
      deleted =
          statement.executeUpdate(
              "DELETE FROM page WHERE key IN (SELECT key FROM page WHERE key >= %d AND key < %d LIMIT %d)"
                  .formatted(first, end, PURGE_ROWS));
      if (deleted == 0) {
        deleted =
            statement.executeUpdate(
                ("DELETE FROM bundle WHERE volume = %1$d AND (kind, owner, number) IN"
                        + " (SELECT kind, owner, number FROM bundle WHERE volume = %1$d LIMIT %2$d)")
                    .formatted(volume, PURGE_ROWS));
      }
    }
    purgeFinished = deleted == 0;
    return true;
  }

  /** The transaction of the last {@link #purgeSome} is committed. */
  void purged() {
    if (purgeFinished) {
      toPurge.removeFirst();
    }
  }

  /** Volumes of which something is stored although their row is gone. */
  Set<Integer> orphanedVolumes() throws SQLException {
    Set<Integer> stored = new TreeSet<>();
    collectVolumes(stored, "SELECT min(key) >> 40 FROM page WHERE key >= ? << 40");
    collectVolumes(stored, "SELECT min(volume) FROM bundle WHERE volume >= ?");
    loadRows(RecordKind.VOLUME, 0, (kind, volume, owner, id, bytes) -> stored.remove((int) id));
    return stored;
  }

  private void collectVolumes(Set<Integer> into, String nextVolume) throws SQLException {
    try (PreparedStatement next = connection.prepareStatement(nextVolume)) {
      int from = 1;
      while (true) {
        next.setInt(1, from);
        try (ResultSet row = next.executeQuery()) {
          int volume = row.next() ? row.getInt(1) : 0;
          if (volume < from) {
            return;
          }
          into.add(volume);
          from = volume + 1;
        }
      }
    }
  }
}
