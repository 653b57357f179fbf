/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A sparse extent. Keeps one page of the grain directory, one grain table and one compressed grain
 * in memory, whatever the header says.
 */
final class SparseExtentReader implements ExtentReader {
  private static final int PAGE_ENTRIES = 1024;
  private static final int MARKER_BYTES = 12;
  private static final int MARKER_FOOTER = 3;
  private static final int MAX_RUN_SECTORS = 2048;

  private final VmdkFile file;
  private final SparseExtentHeader header;
  private int[] page = new int[0];
  private int pageStart = -1;
  private int[] table = new int[0];
  private int tableIndex = -1;
  private byte[] grain = new byte[0];
  private long grainIndex = -1;

  SparseExtentReader(VmdkFile file) {
    this.file = file;
    this.header = readHeader(file);
    long directoryBytes = (long) header.directoryEntries() * Integer.BYTES;
    long end = header.directorySector() * SECTOR_BYTES + directoryBytes;
    if (end > file.sizeBytes()) {
      throw new VmdkFormatException(
          "grain directory ends at %d, but the file has only %d bytes"
              .formatted(end, file.sizeBytes()));
    }
  }

  /** The header, or the footer of a file that was written as a stream. */
  private static SparseExtentHeader readHeader(VmdkFile file) {
    SparseExtentHeader first =
        SparseExtentHeader.decode(file.read("header", 0, SparseExtentHeader.HEADER_BYTES));
    if (first.directorySector() != SparseExtentHeader.AT_END) {
      return first;
    }
    byte[] end = file.read("footer", file.sizeBytes() - 3 * SECTOR_BYTES, 3 * SECTOR_BYTES);
    ByteBuffer in = ByteBuffer.wrap(end).order(ByteOrder.LITTLE_ENDIAN);
    boolean endOfStream = in.getLong(2 * SECTOR_BYTES) == 0 && in.getInt(2 * SECTOR_BYTES + 8) == 0;
    if (in.getInt(8) != 0 || in.getInt(12) != MARKER_FOOTER || !endOfStream) {
      throw new VmdkFormatException(
          "no footer before the end: the file is not complete; allowed: footer, end-of-stream marker");
    }
    byte[] footer = new byte[SparseExtentHeader.HEADER_BYTES];
    System.arraycopy(end, SECTOR_BYTES, footer, 0, footer.length);
    SparseExtentHeader last = SparseExtentHeader.decode(footer);
    if (last.directorySector() == SparseExtentHeader.AT_END
        || last.capacitySectors() != first.capacitySectors()) {
      throw new VmdkFormatException("the footer does not fit the header");
    }
    return last;
  }

  SparseExtentHeader header() {
    return header;
  }

  @Override
  public Run run(long sector, long maxSectors) {
    long span = (long) header.tableEntries() * header.grainSectors();
    if (directoryEntry((int) (sector / span)) == 0) {
      long end = sector;
      do {
        end = (end / span + 1) * span;
      } while (end - sector < maxSectors
          && (end / span) % PAGE_ENTRIES != 0
          && directoryEntry((int) (end / span)) == 0);
      return new Run(Kind.ABSENT, Math.min(maxSectors, end - sector));
    }
    long limit = Math.min(maxSectors, (sector / span + 1) * span - sector);
    Kind kind = kind(sector);
    long end = sector;
    do {
      end = (end / header.grainSectors() + 1) * header.grainSectors();
    } while (end - sector < limit
        && (kind != Kind.DATA || end - sector < MAX_RUN_SECTORS)
        && kind(end) == kind);
    return new Run(kind, Math.min(limit, end - sector));
  }

  private Kind kind(long sector) {
    int entry = tableEntry(sector / header.grainSectors());
    if (entry == 0) {
      return Kind.ABSENT;
    }
    return entry == 1 && header.hasZeroGrains() ? Kind.ZEROS : Kind.DATA;
  }

  private int directoryEntry(int index) {
    int start = index / PAGE_ENTRIES * PAGE_ENTRIES;
    if (start != pageStart) {
      int count = Math.min(PAGE_ENTRIES, header.directoryEntries() - start);
      long place = header.directorySector() * SECTOR_BYTES + (long) start * Integer.BYTES;
      page = ints(file.read("grain directory", place, count * Integer.BYTES));
      pageStart = start;
    }
    return page[index - start];
  }

  private int tableEntry(long grainOfExtent) {
    int index = (int) (grainOfExtent / header.tableEntries());
    if (index != tableIndex) {
      long sector = Integer.toUnsignedLong(directoryEntry(index));
      int bytes = header.tableEntries() * Integer.BYTES;
      table = ints(file.read("grain table " + index, sector * SECTOR_BYTES, bytes));
      tableIndex = index;
    }
    return table[(int) (grainOfExtent % header.tableEntries())];
  }

  @Override
  public void read(long sector, int sectors, byte[] target, int index) {
    int done = 0;
    while (done < sectors) {
      long at = sector + done;
      int within = (int) (at % header.grainSectors());
      int count = Math.min(sectors - done, header.grainSectors() - within);
      readInGrain(at / header.grainSectors(), within, count, target, index + done * SECTOR_BYTES);
      done += count;
    }
  }

  private void readInGrain(long grainOfExtent, int within, int count, byte[] target, int index) {
    long place = Integer.toUnsignedLong(tableEntry(grainOfExtent)) * SECTOR_BYTES;
    if (header.isCompressed()) {
      inflate(grainOfExtent, place);
      System.arraycopy(grain, within * SECTOR_BYTES, target, index, count * SECTOR_BYTES);
      return;
    }
    long end = place + (long) (within + count) * SECTOR_BYTES;
    if (end > file.sizeBytes()) {
      throw new VmdkFormatException(
          "grain %d ends at %d, but the file has only %d bytes"
              .formatted(grainOfExtent, end, file.sizeBytes()));
    }
    file.read(place + (long) within * SECTOR_BYTES, target, index, count * SECTOR_BYTES);
  }

  private void inflate(long grainOfExtent, long place) {
    if (grainOfExtent == grainIndex) {
      return;
    }
    int size = header.grainBytes();
    long start = place;
    if (header.hasMarkers()) {
      String what = "marker of grain " + grainOfExtent;
      ByteBuffer marker =
          ByteBuffer.wrap(file.read(what, place, MARKER_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
      long first = marker.getLong(0);
      if (first != grainOfExtent * header.grainSectors()) {
        throw new VmdkFormatException(
            "%s says sector %s; allowed: %d"
                .formatted(
                    what, Long.toUnsignedString(first), grainOfExtent * header.grainSectors()));
      }
      size = marker.getInt(8);
      start = place + MARKER_BYTES;
    } else {
      size = (int) Math.min(2L * size, Math.max(0, file.sizeBytes() - place));
    }
    if (size < 1 || size > 2 * header.grainBytes()) {
      throw new VmdkFormatException(
          "grain %d of %s compressed bytes; allowed: 1 to %d"
              .formatted(grainOfExtent, Integer.toUnsignedString(size), 2 * header.grainBytes()));
    }
    byte[] packed = file.read("grain " + grainOfExtent, start, size);
    grain = inflated(grainOfExtent, packed);
    grainIndex = grainOfExtent;
  }

  /** The last grain of an extent may be shorter than the others. */
  private byte[] inflated(long grainOfExtent, byte[] packed) {
    byte[] bytes = new byte[header.grainBytes()];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      int count = 0;
      while (count < bytes.length && !inflater.finished()) {
        int more = inflater.inflate(bytes, count, bytes.length - count);
        if (more == 0 && !inflater.finished()) {
          throw new VmdkFormatException("grain %d is cut off".formatted(grainOfExtent));
        }
        count += more;
      }
      long start = grainOfExtent * header.grainSectors();
      long needed =
          Math.min(header.grainSectors(), header.capacitySectors() - start) * SECTOR_BYTES;
      if (count < needed) {
        throw new VmdkFormatException(
            "grain %d has %d bytes; allowed: %d".formatted(grainOfExtent, count, needed));
      }
      return bytes;
    } catch (DataFormatException e) {
      throw new VmdkFormatException(
          "grain %d is not deflated data (%s)".formatted(grainOfExtent, e.getMessage()));
    } finally {
      inflater.end();
    }
  }

  private static int[] ints(byte[] bytes) {
    int[] ints = new int[bytes.length / Integer.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(ints);
    return ints;
  }
}
