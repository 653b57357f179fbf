/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Writes a layer into a new file, see {@link Image}. */
final class ImageWriter {
  private static final int ROW_HEADER_BYTES = 2 * Long.BYTES + Integer.BYTES;

  private final long number;
  private final MetadataFile file;
  private ByteBuffer chunk = allocate(Image.CHUNK_BYTES + Layer.WINDOW_BYTES);
  private long at;

  private ImageWriter(long number, MetadataFile file) {
    this.number = number;
    this.file = file;
    clear();
  }

  /**
   * Writes and forces a file, but does not force its name. First it removes what an earlier attempt
   * left under the same number.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO
   */
  static Image.Id write(MetadataFiles files, long number, Layer layer) {
    String name = Image.fileName(number);
    files.delete(name);
    try (MetadataFile file = files.open(name)) {
      return new ImageWriter(number, file).write(layer);
    }
  }

  private Image.Id write(Layer layer) {
    ByteBuffer directory = allocate(layer.sections().size() * Image.ENTRY_BYTES);
    for (Section section : layer.sections()) {
      long from = at;
      write(layer.cursor(section), section.kind().isTable());
      directory.put((byte) section.kind().code()).putInt(section.volume());
      directory.putLong(from).putLong(at);
    }
    directory.flip();
    int length = directory.remaining();
    int checksum = Image.checksum(number, at, directory);
    ByteBuffer end = allocate(length + Image.TRAILER_BYTES);
    end.put(directory).putLong(at).putInt(length).putInt(checksum).flip();
    file.write(at, end);
    file.force();
    return new Image.Id(number, at + length + Image.TRAILER_BYTES, checksum);
  }

  private void write(Layer.Cursor changes, boolean isTable) {
    while (changes.next()) {
      ByteBuffer bytes = changes.bytes();
      int length = bytes == null ? 0 : bytes.remaining();
      reserve(ROW_HEADER_BYTES + length);
      if (!isTable) {
        chunk.putLong(changes.owner());
      }
      chunk.putLong(changes.id()).putInt(bytes == null ? Image.REMOVED : length);
      if (bytes != null) {
        chunk.put(bytes.duplicate());
      }
      if (chunk.position() >= Image.CHUNK_BYTES) {
        writeChunk();
      }
    }
    if (chunk.position() > Image.CHUNK_HEADER_BYTES) {
      writeChunk();
    }
  }

  private void reserve(int bytes) {
    if (chunk.remaining() < bytes) {
      chunk = allocate(Math.addExact(chunk.position(), bytes)).put(chunk.flip());
    }
  }

  private void writeChunk() {
    int length = chunk.position() - Image.CHUNK_HEADER_BYTES;
    ByteBuffer bytes = chunk.slice(Image.CHUNK_HEADER_BYTES, length);
    chunk.putInt(0, length).putInt(Integer.BYTES, Image.checksum(number, at, bytes));
    chunk.flip();
    int written = chunk.remaining();
    file.write(at, chunk);
    at += written;
    clear();
  }

  private void clear() {
    chunk.clear().position(Image.CHUNK_HEADER_BYTES);
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
