/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;

/**
 * Copies the disks of a directory from a datastore to this machine, file by file, for tools that
 * open files, such as {@code qemu-img}.
 */
public final class DiskExport {
  private static final int PIECE_BYTES = 1 << 20;
  private static final byte[] ZEROS = new byte[PIECE_BYTES];

  private DiskExport() {}

  /**
   * Copies all {@code .vmdk} files. Pieces of zeros become holes, because an empty SEsparse log is
   * large. Files of a running VM are copied as they are at that moment, one after the other.
   *
   * @param directory of the datastore, without '/' in it
   * @param target gets a directory of that name, so that parents in other directories are found
   *     beside it; it must not have one
   * @return the directory that was made
   * @throws DatastoreException if reading fails
   * @throws UncheckedIOException if writing fails
   */
  public static Path copy(Datastore datastore, String directory, Path target) {
    try {
      Path made = Files.createDirectory(target.resolve(directory));
      for (String name : datastore.list(directory)) {
        if (name.endsWith(".vmdk")) {
          copy(datastore.open(Datastore.join(directory, name)), made.resolve(name));
        }
      }
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void copy(DatastoreFile file, Path target) throws IOException {
    long size = file.sizeBytes();
    try (FileChannel out =
        FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < size; at += PIECE_BYTES) {
        byte[] piece = file.readFully(at, (int) Math.min(PIECE_BYTES, size - at));
        boolean last = at + piece.length == size;
        if (last || !Arrays.equals(piece, 0, piece.length, ZEROS, 0, piece.length)) {
          ByteBuffer buffer = ByteBuffer.wrap(piece);
          while (buffer.hasRemaining()) {
            out.write(buffer, at + buffer.position());
          }
        }
      }
    }
  }
}
