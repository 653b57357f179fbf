/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.Inode;
import org.facsim.array.Sharing;
import org.facsim.array.Volume;

/**
 * Who holds the blocks of a file, or how two files share: as ranges, as cells of a picture, and in
 * sum. Sums and cells are of everything from {@code offsetBytes} to {@code toldBytes}.
 *
 * @param sizeBytes of the larger file
 * @param offsetBytes where it begins
 * @param toldBytes up to where it goes: the size, unless the work was more than one answer may cost
 * @param bytes how many bytes there are of each kind
 * @param ranges the first ranges, neighbours alike put together
 * @param rangesEndBytes where the ranges end: {@code toldBytes}, unless there are more of them
 * @param cellBytes how many bytes a cell covers; 0 if no cells were asked for
 * @param cells how many bytes of each kind a cell has
 */
public record SharingPicture(
    long sizeBytes,
    long offsetBytes,
    long toldBytes,
    Map<Sharing, Long> bytes,
    List<SharedRange> ranges,
    long rangesEndBytes,
    long cellBytes,
    List<Map<Sharing, Long>> cells) {
  /** The most ranges of a picture. */
  public static final int MAX_RANGES = 10_000;

  /** The most cells of a picture. */
  public static final int MAX_CELLS = 4096;

  public SharingPicture {
    bytes = Map.copyOf(bytes);
    ranges = List.copyOf(ranges);
    cells = List.copyOf(cells);
  }

  /**
   * Draws it.
   *
   * @param otherOrNull the file to compare with; null for none
   * @param offsetBytes where to begin; rounded down to a whole block
   * @param maxRanges 0 to {@value #MAX_RANGES}
   * @param cellCount 0 to {@value #MAX_CELLS}; the last one may cover more than there is
   * @throws org.facsim.array.ArrayException as {@link org.facsim.array.SpaceLedger#visitSharing}
   */
  static SharingPicture of(
      Inode file, Inode otherOrNull, long offsetBytes, int maxRanges, int cellCount) {
    long sizeBytes = file.attributes().sizeBytes();
    if (otherOrNull != null) {
      sizeBytes = Math.max(sizeBytes, otherOrNull.attributes().sizeBytes());
    }
    long begin = offsetBytes / Volume.BLOCK_BYTES * Volume.BLOCK_BYTES;
    Drawing drawing = new Drawing(sizeBytes, begin, maxRanges, cellCount);
    long told = file.volume().space().visitSharing(file, otherOrNull, begin, drawing::add);
    return drawing.end(Math.min(told, sizeBytes));
  }

  private static final class Drawing {
    private final long sizeBytes;
    private final long beginBytes;
    private final int maxRanges;
    private final long cellBytes;
    private final long[] sums = new long[Sharing.values().length];
    private final List<SharedRange> ranges = new ArrayList<>();
    private final long[][] cells;
    private long rangesEndBytes;
    private boolean isFull;

    Drawing(long sizeBytes, long beginBytes, int maxRanges, int cellCount) {
      this.sizeBytes = sizeBytes;
      this.beginBytes = beginBytes;
      this.maxRanges = maxRanges;
      this.rangesEndBytes = beginBytes;
      long drawn = Math.max(0, sizeBytes - beginBytes);
      long perCell = cellCount == 0 ? 0 : (drawn + cellCount - 1) / cellCount;
      cellBytes = (perCell + Volume.BLOCK_BYTES - 1) / Volume.BLOCK_BYTES * Volume.BLOCK_BYTES;
      cells = new long[cellBytes == 0 ? 0 : (int) ((drawn + cellBytes - 1) / cellBytes)][];
    }

    @SuppressWarnings("EnumOrdinal") // an index within this answer
    boolean add(long offsetBytes, long givenLengthBytes, Sharing sharing) {
      long length = Math.min(givenLengthBytes, sizeBytes - offsetBytes);
      if (length <= 0) {
        return false;
      }
      sums[sharing.ordinal()] += length;
      addRange(offsetBytes, length, sharing);
      for (long at = offsetBytes; cellBytes > 0 && at < offsetBytes + length; ) {
        int cell = (int) ((at - beginBytes) / cellBytes);
        long end = Math.min(offsetBytes + length, beginBytes + (cell + 1L) * cellBytes);
        if (cells[cell] == null) {
          cells[cell] = new long[sums.length];
        }
        cells[cell][sharing.ordinal()] += end - at;
        at = end;
      }
      return true;
    }

    private void addRange(long offsetBytes, long lengthBytes, Sharing sharing) {
      if (isFull) {
        return;
      }
      SharedRange last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
      if (last != null && last.sharing() == sharing) {
        ranges.set(
            ranges.size() - 1,
            new SharedRange(last.offsetBytes(), last.lengthBytes() + lengthBytes, sharing));
      } else if (ranges.size() < maxRanges) {
        ranges.add(new SharedRange(offsetBytes, lengthBytes, sharing));
      } else {
        isFull = true;
        return;
      }
      rangesEndBytes = offsetBytes + lengthBytes;
    }

    SharingPicture end(long toldBytes) {
      List<Map<Sharing, Long>> told = new ArrayList<>();
      for (long[] cell : cells) {
        told.add(named(cell == null ? new long[sums.length] : cell));
      }
      return new SharingPicture(
          sizeBytes, beginBytes, toldBytes, named(sums), ranges, rangesEndBytes, cellBytes, told);
    }

    @SuppressWarnings("EnumOrdinal") // as above
    private static Map<Sharing, Long> named(long[] bytes) {
      Map<Sharing, Long> named = new EnumMap<>(Sharing.class);
      for (Sharing each : Sharing.values()) {
        if (bytes[each.ordinal()] > 0) {
          named.put(each, bytes[each.ordinal()]);
        }
      }
      return named;
    }
  }
}
