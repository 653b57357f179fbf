/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Batch;
import org.facsim.array.log.RecordKind;

/**
 * What a directory of an older format holds, collected in memory and then handed out as the format
 * of today has it.
 *
 * <ul>
 *   <li>Rows of volumes have grown: format 1 knew no snapshots, and only in the course of format 3
 *       came what only named states have. The name at the end of a row tells which row it is,
 *       because the numbers before it have zero bytes and a name has none.
 *   <li>Tables are laid out anew, see {@link TableLayout}. Stamps of blocks say nothing after a
 *       start.
 *   <li>All else is the same.
 * </ul>
 */
final class OldRecords implements Batch.Changes {
  /** What is before the totals of a volume's row, in formats 1, 2 and 4. */
  private static final int[] ROW_STARTS = {5 * Long.BYTES, 10 * Long.BYTES, 11 * Long.BYTES + 1};

  private static final int FIRST_SNAPSHOT_ID = 1;
  private static final int TOTALS_BYTES = 6 * Long.BYTES + Integer.BYTES;
  private static final int MAX_NAME_BYTES = 64;
  private static final int LEAF_LEVEL = 1;

  private record Row(RecordKind kind, int volume, long owner, long id) implements Comparable<Row> {
    private static final Comparator<Row> ORDER =
        Comparator.comparing(Row::kind)
            .thenComparingInt(Row::volume)
            .thenComparingLong(Row::owner)
            .thenComparingLong(Row::id);

    @Override
    public int compareTo(Row other) {
      return ORDER.compare(this, other);
    }
  }

  private final TreeMap<Row, ByteBuffer> rows = new TreeMap<>();
  private final Map<Section, TableBytes> tables = new HashMap<>();

  /** Takes a change; of two of one place, the later counts. */
  @Override
  public void change(RecordKind kind, int volume, long owner, long id, ByteBuffer bytes) {
    if (kind.isTable()) {
      tables.computeIfAbsent(new Section(kind, volume), unused -> new TableBytes()).put(id, bytes);
      return;
    }
    Row row = new Row(kind, volume, owner, id);
    if (bytes == null) {
      rows.remove(row);
    } else {
      ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()).order(ByteOrder.LITTLE_ENDIAN);
      rows.put(row, copy.put(bytes.duplicate()).flip());
    }
  }

  /**
   * Hands out everything that belongs to no volume or to one that is there, in the order of places.
   *
   * @throws ArrayException IO if it is damaged
   */
  void forEach(Batch.Changes into) {
    Set<Integer> volumes = new HashSet<>(Set.of(0));
    rows.keySet().stream()
        .filter(row -> row.kind() == RecordKind.VOLUME)
        .forEach(row -> volumes.add((int) row.id()));
    for (int volume : volumes) {
      TableBytes nodes = tables.get(new Section(RecordKind.NODES, volume));
      TableBytes blocks = tables.get(new Section(RecordKind.BLOCKS, volume));
      boolean isLarge = nodes != null && !fits(nodes, TableLayout.NODES);
      if (nodes != null) {
        TableLayout from = isLarge ? TableLayout.LARGE_NODES : TableLayout.NODES;
        handOut(movedNodes(nodes, from), RecordKind.NODES, volume, into);
      }
      if (blocks != null) {
        TableLayout from = isLarge ? TableLayout.LARGE_STAMPED_BLOCKS : TableLayout.STAMPED_BLOCKS;
        handOut(movedBlocks(blocks, from), RecordKind.BLOCKS, volume, into);
      }
    }
    rows.forEach(
        (row, bytes) -> {
          if (volumes.contains(row.volume())) {
            into.change(
                row.kind(),
                row.volume(),
                row.owner(),
                row.id(),
                row.kind() == RecordKind.VOLUME ? volumeRow(bytes) : little(bytes));
          }
        });
  }

  private static void handOut(TableBytes table, RecordKind kind, int volume, Batch.Changes into) {
    table.forEachPage((at, bytes) -> into.change(kind, volume, 0, at, bytes));
  }

  // ---------------------------------------------------------------- tables

  /** Whether each leaf of the first slab has as many pointers as its head says. */
  private static boolean fits(TableBytes nodes, TableLayout layout) {
    for (int node = 1; node < 1 << TableLayout.NODES.slabShift(); node++) {
      ByteBuffer head = nodes.get(layout.head(node), layout.headBytes());
      boolean isLeafInUse = head.getInt(0) > 0 && head.getInt(24) == LEAF_LEVEL;
      if (isLeafInUse && head.getLong(16) != pointers(nodes, layout.body(node))) {
        return false;
      }
    }
    return true;
  }

  private static long pointers(TableBytes nodes, long at) {
    ByteBuffer body = nodes.get(at, TableLayout.NODES.bodyBytes());
    long count = 0;
    while (body.hasRemaining()) {
      count += body.getLong() == 0 ? 0 : 1;
    }
    return count;
  }

  private static TableBytes movedNodes(TableBytes from, TableLayout old) {
    TableLayout now = TableLayout.NODES;
    if (old.equals(now)) {
      return from;
    }
    TableBytes moved = new TableBytes();
    for (int node = 1; node < old.endId(from.sizeBytes()); node++) {
      ByteBuffer head = from.get(old.head(node), old.headBytes());
      ByteBuffer body = from.get(old.body(node), old.bodyBytes());
      if (!isZero(head) || !isZero(body)) {
        moved.put(now.head(node), head);
        moved.put(now.body(node), body);
      }
    }
    return moved;
  }

  private static TableBytes movedBlocks(TableBytes from, TableLayout old) {
    TableLayout now = TableLayout.BLOCKS;
    TableBytes moved = new TableBytes();
    for (int block = 1; block < old.endId(from.sizeBytes()); block++) {
      ByteBuffer entry = from.get(old.head(block), old.headBytes());
      if (!isZero(entry)) {
        long head = now.head(block);
        moved.putInt(head, entry.getInt(8)); // count
        moved.putInt(head + 4, entry.getInt(12)); // owner
        moved.putInt(head + 8, entry.getInt(16)); // parents
        moved.putLong(now.body(block), entry.getLong(0)); // value
      }
    }
    return moved;
  }

  private static boolean isZero(ByteBuffer bytes) {
    for (int at = bytes.position(); at < bytes.limit(); at++) {
      if (bytes.get(at) != 0) {
        return false;
      }
    }
    return true;
  }

  // ---------------------------------------------------------------- rows

  private static ByteBuffer little(ByteBuffer bytes) {
    return bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer volumeRow(ByteBuffer row) {
    for (int start : ROW_STARTS) {
      if (isName(row, start + TOTALS_BYTES)) {
        int newStart = ROW_STARTS[ROW_STARTS.length - 1];
        ByteBuffer out =
            ByteBuffer.allocate(row.remaining() + newStart - start).order(ByteOrder.LITTLE_ENDIAN);
        out.put(row.duplicate().limit(start));
        if (start == ROW_STARTS[0]) {
          out.putLong(0).putLong(FIRST_SNAPSHOT_ID); // bytes of attachments, next snapshot
        }
        out.position(newStart);
        return out.put(row.duplicate().position(start)).flip();
      }
    }
    throw new ArrayException(ArrayError.IO, "the row of a volume is damaged");
  }

  private static boolean isName(ByteBuffer row, int from) {
    if (row.limit() <= from || row.limit() > from + MAX_NAME_BYTES) {
      return false;
    }
    for (int at = from; at < row.limit(); at++) {
      int sign = row.get(at);
      if (sign <= ' ') {
        return false;
      }
    }
    return true;
  }
}
