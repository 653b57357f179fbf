/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.RecordKind;

/**
 * A layer in a file, which is written once and never changed.
 *
 * <pre>
 *   chunk      length int, checksum int, bytes: changes of one section, one after another
 *   ...
 *   directory  for each section: kind byte, volume int, from long, to long
 *   trailer    directory's place long, length int, checksum int
 *
 *   change     table: offset long, length int, bytes
 *              row:   owner long, id long, length int (-1: removed), bytes
 * </pre>
 *
 * Little-endian. A chunk's checksum covers the file's number and the chunk's place, so that a chunk
 * in a wrong place is damage, too. The catalog has the size and the directory's checksum.
 */
final class Image implements Layer, AutoCloseable {
  static final int CHUNK_HEADER_BYTES = 2 * Integer.BYTES;
  static final int ENTRY_BYTES = 1 + Integer.BYTES + 2 * Long.BYTES;
  static final int TRAILER_BYTES = Long.BYTES + 2 * Integer.BYTES;
  static final int REMOVED = -1;

  /** A chunk ends when it has this many bytes. Only a longer row makes a longer chunk. */
  static final int CHUNK_BYTES = 1 << 17;

  private static final int READ_BYTES = 1 << 20;

  /**
   * How the catalog knows an image.
   *
   * @param number of its file, which no other image ever gets
   * @param checksum of its directory
   */
  record Id(long number, long sizeBytes, int checksum) {
    String fileName() {
      return Image.fileName(number);
    }
  }

  static String fileName(long number) {
    return "metadata." + number + ".image";
  }

  private record Extent(long from, long to) {}

  private final Id id;
  private final MetadataFile file;
  private final TreeMap<Section, Extent> extents = new TreeMap<>();

  private Image(Id id, MetadataFile file) {
    this.id = id;
    this.file = file;
  }

  /**
   * Opens an image that the catalog names.
   *
   * @throws ArrayException IO if it is missing, too short or damaged
   */
  static Image open(MetadataFiles files, Id id) {
    if (!files.exists(id.fileName())) {
      throw new ArrayException(ArrayError.IO, id.fileName() + " is missing");
    }
    Image image = new Image(id, files.open(id.fileName()));
    try {
      image.readDirectory();
      return image;
    } catch (RuntimeException | Error e) {
      image.close();
      throw e;
    }
  }

  private void readDirectory() {
    long size = file.sizeBytes();
    if (size != id.sizeBytes() || size < TRAILER_BYTES) {
      throw damaged("it has " + size + " bytes instead of " + id.sizeBytes());
    }
    ByteBuffer trailer = read(size - TRAILER_BYTES, TRAILER_BYTES);
    long from = trailer.getLong();
    int length = trailer.getInt();
    int checksum = trailer.getInt();
    if (from < 0 || length < 0 || from + length != size - TRAILER_BYTES) {
      throw damaged("its trailer");
    }
    ByteBuffer directory = read(from, length);
    if (checksum != id.checksum() || checksum(id.number(), from, directory) != checksum) {
      throw damaged("its directory");
    }
    while (directory.remaining() >= ENTRY_BYTES) {
      Section section = new Section(RecordKind.of(directory.get()), directory.getInt());
      extents.put(section, new Extent(directory.getLong(), directory.getLong()));
    }
  }

  private ByteBuffer read(long from, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    file.read(from, bytes);
    return bytes.flip();
  }

  static int checksum(long number, long place, ByteBuffer bytes) {
    ByteBuffer name = ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    CRC32C crc = new CRC32C();
    crc.update(name.putLong(number).putLong(place).flip());
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  Id id() {
    return id;
  }

  @Override
  public Set<Section> sections() {
    return Collections.unmodifiableSet(extents.keySet());
  }

  @Override
  public Cursor cursor(Section section) {
    Extent extent = extents.get(section);
    return extent == null ? EMPTY : new Changes(section, extent);
  }

  @Override
  public void close() {
    file.close();
  }

  private ArrayException damaged(String what) {
    return new ArrayException(ArrayError.IO, id.fileName() + " is damaged: " + what);
  }

  /** Reads ahead in large pieces, and checks each chunk before it returns anything of it. */
  private final class Changes implements Cursor {
    private final boolean isTable;
    private final long end;

    /** What was read but not looked at yet. It begins at {@code at} in the file. */
    private ByteBuffer window;

    private long at;
    private ByteBuffer chunk = ByteBuffer.allocate(0);
    private long owner;
    private long place;
    private ByteBuffer bytes;

    Changes(Section section, Extent extent) {
      isTable = section.kind().isTable();
      at = extent.from();
      end = extent.to();
      window = ByteBuffer.allocateDirect((int) Math.min(READ_BYTES, end - at)).limit(0);
    }

    @Override
    public boolean next() {
      while (!chunk.hasRemaining()) {
        if (at >= end) {
          return false;
        }
        nextChunk();
      }
      try {
        owner = isTable ? 0 : chunk.getLong();
        place = chunk.getLong();
        int length = chunk.getInt();
        if (length == REMOVED) {
          bytes = null;
        } else {
          bytes = chunk.slice(chunk.position(), length).order(ByteOrder.LITTLE_ENDIAN);
          chunk.position(chunk.position() + length);
        }
      } catch (IndexOutOfBoundsException
          | java.nio.BufferUnderflowException
          | IllegalArgumentException e) {
        throw damaged("a change before byte " + at);
      }
      return true;
    }

    private void nextChunk() {
      long start = at;
      require(CHUNK_HEADER_BYTES);
      int length = window.getInt();
      int checksum = window.getInt();
      at += CHUNK_HEADER_BYTES;
      if (length < 0 || length > end - at) {
        throw damaged("the chunk at byte " + start);
      }
      require(length);
      chunk = window.slice(window.position(), length).order(ByteOrder.LITTLE_ENDIAN);
      window.position(window.position() + length);
      at += length;
      if (checksum(id.number(), start, chunk) != checksum) {
        throw damaged("the chunk at byte " + start);
      }
    }

    private void require(int count) {
      if (window.remaining() >= count) {
        return;
      }
      if (count > window.capacity()) {
        window = ByteBuffer.allocateDirect(count);
      }
      window.clear().limit((int) Math.min(window.capacity(), end - at));
      file.read(at, window);
      window.flip().order(ByteOrder.LITTLE_ENDIAN);
      if (window.remaining() < count) {
        throw damaged("it ends at byte " + (at + window.remaining()));
      }
    }

    @Override
    public long owner() {
      return owner;
    }

    @Override
    public long id() {
      return place;
    }

    @Override
    public ByteBuffer bytes() {
      return bytes;
    }
  }
}
