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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.zip.CRC32C;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.sqlite.SQLiteConfig;

/**
 * Batches in an SQLite database: write-ahead log, synced at each commit, one writer.
 *
 * <p>A batch is first only <em>logged</em>: one row of the table {@code log}, so a commit costs the
 * same whether its changes lie close together or far apart. When the log is long enough it is
 * <em>folded</em>: sorted by the pages that it changes, and these are rewritten, a few in each of
 * the following commits, so that no commit takes long and no page is written twice. Then the folded
 * rows of the log are deleted. After a crash in the middle some pages are ahead of others; all
 * values being absolute and in order, replaying the log from its beginning makes them equal.
 *
 * <p>Every row has a checksum over its place and its bytes; what does not fit is reported as IO.
 *
 * <p>Known flaw: the database file keeps its greatest size; SQLite reuses the space within.
 */
final class SqliteMetadata implements MetadataStore {
  /** The layout of the database and all that is in it. */
  static final int FORMAT_VERSION = 2;

  /** A log of this size is folded. */
  private static final int FOLD_BYTES = 4 << 20;

  /** At least so many pages are folded in one commit, and as many as keep pace with the log. */
  private static final int MIN_PAGES_PER_COMMIT = 8;

  private static final int PAGES_PER_COMMIT_AT_OPEN = 1024;

  private final Path file;
  private final Connection connection;
  private final SqlitePages pages;
  private final PreparedStatement insertLog;
  private final PreparedStatement deleteLog;

  /** Logged and not yet being folded, oldest first; the last has the number before the next. */
  private final Deque<byte[]> unfolded = new ArrayDeque<>();

  private long unfoldedBytes;
  private Fold fold;
  private long nextNumber = 1;

  /**
   * @throws ArrayException NOT_SUPPORTED if the format is another version's; IO if it is damaged
   */
  SqliteMetadata(Path file) {
    this.file = file;
    try {
      connection = connect(file, false);
    } catch (SQLException e) {
      throw failed("opening", e);
    }
    try {
      prepareSchema();
      pages = new SqlitePages(file, connection);
      insertLog = connection.prepareStatement("INSERT INTO log VALUES(?, ?, ?)");
      deleteLog = connection.prepareStatement("DELETE FROM log WHERE number <= ?");
      foldAll();
    } catch (SQLException e) {
      closeAfterFailure();
      throw failed("opening", e);
    } catch (RuntimeException e) {
      closeAfterFailure();
      throw e;
    }
  }

  private static Connection connect(Path file, boolean readOnly) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(readOnly);
    config.setPageSize(4096);
    if (!readOnly) {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    }
    return config.createConnection("jdbc:sqlite:" + file);
  }

  private void prepareSchema() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      Integer version = storedVersion(statement);
      if (version != null && version != FORMAT_VERSION) {
        throw new ArrayException(
            ArrayError.NOT_SUPPORTED,
            file + " has format version " + version + ", this program knows " + FORMAT_VERSION);
      }
      connection.setAutoCommit(false);
      if (version == null) {
        statement.execute("CREATE TABLE meta(key TEXT PRIMARY KEY, value INTEGER NOT NULL)");
        statement.execute(
            "CREATE TABLE log(number INTEGER PRIMARY KEY, crc INTEGER NOT NULL,"
                + " bytes BLOB NOT NULL)");
        SqlitePages.createTables(statement);
        statement.execute("INSERT INTO meta VALUES('format', " + FORMAT_VERSION + ")");
        connection.commit();
      }
    }
  }

  /** Null for a database without a single table, which is one that was never finished. */
  private Integer storedVersion(Statement statement) throws SQLException {
    try (ResultSet tables = statement.executeQuery("SELECT count(*) FROM sqlite_master")) {
      if (tables.getInt(1) == 0) {
        return null;
      }
    }
    try (ResultSet row = statement.executeQuery("SELECT value FROM meta WHERE key = 'format'")) {
      if (row.next()) {
        return row.getInt(1);
      }
    }
    throw new ArrayException(ArrayError.NOT_SUPPORTED, file + " names no format version");
  }

  // ---------------------------------------------------------------- appending

  @Override
  public void append(Batch batch) {
    ByteBuffer view = batch.bytes();
    byte[] bytes = new byte[view.remaining()];
    view.get(bytes);
    try {
      insertLog.setLong(1, nextNumber);
      insertLog.setInt(2, checksum(nextNumber, bytes));
      insertLog.setBytes(3, bytes);
      insertLog.executeUpdate();
      List<PageKey> folded = foldSome(bytes.length);
      boolean purged = pages.purgeSome();
      connection.commit();
      commitFold(folded);
      if (purged) {
        pages.purged();
      }
    } catch (SQLException e) {
      rollBack();
      throw failed("committing to", e);
    }
    unfolded.add(bytes);
    unfoldedBytes += bytes.length;
    nextNumber++;
    if (fold == null && unfoldedBytes >= FOLD_BYTES) {
      startFold();
    }
  }

  private void startFold() {
    fold = new Fold(nextNumber - 1, new ArrayList<>(unfolded));
    unfolded.clear();
    unfoldedBytes = 0;
  }

  /** Within the transaction: stores some pages, or, when all are stored, shortens the log. */
  private List<PageKey> foldSome(int batchBytes) throws SQLException {
    if (fold == null) {
      return List.of();
    }
    long pace = 2L * fold.pageCount() * batchBytes / FOLD_BYTES;
    List<PageKey> keys = fold.next((int) Math.max(MIN_PAGES_PER_COMMIT, pace));
    for (PageKey key : keys) {
      pages.store(key, fold.apply(key, pages.find(key)));
    }
    if (keys.isEmpty()) {
      deleteLog.setLong(1, fold.lastNumber());
      deleteLog.executeUpdate();
    }
    return keys;
  }

  private void commitFold(List<PageKey> keys) {
    if (fold == null) {
      return;
    }
    if (keys.isEmpty()) {
      pages.purge(fold.removedVolumes());
      fold = null;
    } else {
      fold.done(keys);
    }
  }

  private void rollBack() {
    try {
      connection.rollback();
    } catch (SQLException e) {
      throw failed("rolling back", e);
    }
  }

  // ---------------------------------------------------------------- opening

  /** Brings all pages up to date with the log. */
  private void foldAll() throws SQLException {
    List<byte[]> batches = new ArrayList<>();
    long last = 0;
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT number, crc, bytes FROM log ORDER BY number")) {
      while (rows.next()) {
        long number = rows.getLong(1);
        byte[] bytes = rows.getBytes(3);
        if (last != 0 && number != last + 1) {
          throw new ArrayException(ArrayError.IO, file + " lacks batch " + (last + 1));
        }
        if (checksum(number, bytes) != rows.getInt(2)) {
          throw new ArrayException(ArrayError.IO, file + ": batch " + number + " is damaged");
        }
        batches.add(bytes);
        last = number;
      }
    }
    Fold whole = new Fold(last, batches);
    while (!whole.isDone()) {
      List<PageKey> keys = whole.next(PAGES_PER_COMMIT_AT_OPEN);
      for (PageKey key : keys) {
        pages.store(key, whole.apply(key, pages.find(key)));
      }
      connection.commit();
      whole.done(keys);
    }
    deleteLog.setLong(1, last);
    deleteLog.executeUpdate();
    connection.commit();
    nextNumber = last + 1;
    pages.purge(pages.orphanedVolumes());
  }

  @Override
  public void load(RecordKind kind, int volume, Batch.Changes into) {
    try (Connection reader = connect(file, true)) {
      new SqlitePages(file, reader).load(kind, volume, into);
    } catch (SQLException e) {
      throw failed("reading", e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed("closing", e);
    }
  }

  private void closeAfterFailure() {
    try {
      connection.close();
    } catch (SQLException e) {
      // the first failure is the one to report
    }
  }

  private static int checksum(long number, byte[] bytes) {
    ByteBuffer name = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(name.putLong(number).array());
    crc.update(bytes);
    return (int) crc.getValue();
  }

  private ArrayException failed(String doing, SQLException cause) {
    if (HostDisk.isDamage(cause)) {
      return new ArrayException(ArrayError.IO, file + " is damaged: " + cause.getMessage());
    }
    return HostDisk.failed(doing + " " + file, cause);
  }
}
