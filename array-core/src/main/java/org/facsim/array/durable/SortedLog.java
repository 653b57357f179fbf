/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The batches of a log, sorted by place, the last change of a place only. Of a table, each line is
 * one number: the line above, where in the log its bytes are below; so the order of numbers is the
 * order of lines, and for one line the order of time.
 */
final class SortedLog implements Layer {
  private static final int LINE_SHIFT = Integer.numberOfTrailingZeros(LINE_BYTES);
  private static final long MAX_LINE = Integer.MAX_VALUE;
  private static final Comparator<Row> BY_PLACE =
      Comparator.comparingLong(Row::owner).thenComparingLong(Row::id);

  private record Row(long owner, long id, ByteBuffer bytes) {}

  private static final class Lines {
    long[] values = new long[256];
    int count;

    void add(long value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, count * 2);
      }
      values[count++] = value;
    }

    /** Sorts, and of each line keeps the last. */
    void settle() {
      Arrays.sort(values, 0, count);
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (i + 1 == count || values[i] >>> Integer.SIZE != values[i + 1] >>> Integer.SIZE) {
          values[kept++] = values[i];
        }
      }
      count = kept;
    }
  }

  private final ByteBuffer log;
  private final Map<Section, Lines> tables = new TreeMap<>();
  private final Map<Section, List<Row>> rows = new TreeMap<>();

  /**
   * @param log what the batches are views of: duplicates, not slices
   */
  SortedLog(ByteBuffer log, List<ByteBuffer> batches) {
    this.log = log.duplicate().clear().order(ByteOrder.LITTLE_ENDIAN);
    for (ByteBuffer batch : batches) {
      Batch.replayPlaced(batch, this::add);
    }
    tables.values().forEach(Lines::settle);
    rows.replaceAll((section, all) -> settled(all));
  }

  private void add(
      RecordKind kind, int volume, long owner, long id, ByteBuffer bytes, int position) {
    Section section = new Section(kind, volume);
    if (!kind.isTable()) {
      rows.computeIfAbsent(section, unused -> new ArrayList<>()).add(new Row(owner, id, bytes));
      return;
    }
    long first = id >> LINE_SHIFT;
    int count = bytes.remaining() >> LINE_SHIFT;
    if (id < 0
        || first + count > MAX_LINE
        || id % LINE_BYTES != 0
        || bytes.remaining() % LINE_BYTES != 0) {
      throw new IllegalArgumentException(
          kind + ": " + bytes.remaining() + " bytes at " + id + " are not whole lines");
    }
    Lines lines = tables.computeIfAbsent(section, unused -> new Lines());
    for (int i = 0; i < count; i++) {
      lines.add(((first + i) << Integer.SIZE) | (position + i * LINE_BYTES));
    }
  }

  /** The sort is stable, so the last of a place is the youngest. */
  private static List<Row> settled(List<Row> all) {
    all.sort(BY_PLACE);
    List<Row> kept = new ArrayList<>(all.size());
    for (int i = 0; i < all.size(); i++) {
      if (i + 1 == all.size() || BY_PLACE.compare(all.get(i), all.get(i + 1)) != 0) {
        kept.add(all.get(i));
      }
    }
    return kept;
  }

  @Override
  public Set<Section> sections() {
    Set<Section> sections = new java.util.TreeSet<>(tables.keySet());
    sections.addAll(rows.keySet());
    return sections;
  }

  @Override
  public Cursor cursor(Section section) {
    if (section.kind().isTable()) {
      Lines lines = tables.get(section);
      return lines == null ? EMPTY : new Pieces(lines);
    }
    List<Row> found = rows.get(section);
    return found == null ? EMPTY : new Rows(found);
  }

  private static final class Rows implements Cursor {
    private final List<Row> rows;
    private int at = -1;

    Rows(List<Row> rows) {
      this.rows = rows;
    }

    @Override
    public boolean next() {
      return ++at < rows.size();
    }

    @Override
    public long owner() {
      return rows.get(at).owner();
    }

    @Override
    public long id() {
      return rows.get(at).id();
    }

    @Override
    public ByteBuffer bytes() {
      ByteBuffer bytes = rows.get(at).bytes();
      return bytes == null ? null : bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /** Neighbouring lines as one piece. */
  private final class Pieces implements Cursor {
    private final Lines lines;
    private final ByteBuffer piece =
        ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int at;
    private long offsetBytes;

    Pieces(Lines lines) {
      this.lines = lines;
    }

    @Override
    public boolean next() {
      if (at == lines.count) {
        return false;
      }
      long line = lines.values[at] >>> Integer.SIZE;
      offsetBytes = line << LINE_SHIFT;
      piece.clear();
      do {
        int position = (int) lines.values[at++];
        piece.put(piece.position(), log, position, LINE_BYTES);
        piece.position(piece.position() + LINE_BYTES);
        line++;
      } while (at < lines.count
          && lines.values[at] >>> Integer.SIZE == line
          && (line << LINE_SHIFT) % WINDOW_BYTES != 0);
      piece.flip();
      return true;
    }

    @Override
    public long owner() {
      return 0;
    }

    @Override
    public long id() {
      return offsetBytes;
    }

    @Override
    public ByteBuffer bytes() {
      return piece;
    }
  }
}
