/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.nio.ByteBuffer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;

/**
 * A file whose contents an administrator brings piece by piece. They are written aside, into a file
 * without a name, and put in place in one step at the end. So a client sees the old contents or the
 * new ones, and an upload that breaks off leaves nothing. For one thread at a time; must be closed.
 */
public final class SeededFile implements AutoCloseable {
  private final FileControl files;
  private final Volume volume;
  private final String path;
  private final Name name;
  private final long restoreCount;
  private final Inode aside;
  private long writtenBytes;
  private boolean isClosed;

  SeededFile(FileControl files, Volume volume, String path, Name name) {
    this.files = files;
    this.volume = volume;
    this.path = path;
    this.name = name;
    restoreCount = volume.array().restoreCount();
    aside = volume.clones().createUnnamed(Caller.ROOT);
  }

  /**
   * Adds a piece behind those before.
   *
   * @param piece consumed
   * @throws ArrayException NO_SPACE, FILE_TOO_LARGE, STALE, IO
   */
  public void append(ByteBuffer piece) {
    while (piece.hasRemaining()) {
      int count = Math.min(piece.remaining(), Volume.MAX_TRANSFER_BYTES);
      ByteBuffer part = piece.slice(piece.position(), count);
      var unused = volume.files().write(Caller.ROOT, aside, writtenBytes, part);
      piece.position(piece.position() + count);
      writtenBytes += count;
    }
  }

  /** How many bytes came so far. */
  public long writtenBytes() {
    return writtenBytes;
  }

  /**
   * What {@link #commit} did.
   *
   * @param isNew whether no file had the name before
   */
  public record Committed(FileEntry file, boolean isNew) {}

  /**
   * Puts the contents in place: into the file that has the name, or into a new one of mode 0644.
   *
   * @throws ArrayException STALE (a named state was restored meanwhile), IS_DIRECTORY, WRONG_TYPE,
   *     NO_SPACE
   */
  public Committed commit() {
    Inode parent = files.parent(volume, path);
    boolean[] isNew = new boolean[1];
    var unused =
        volume.unlessRestored(
            restoreCount,
            () -> {
              Inode destination = existing(parent);
              isNew[0] = destination == null;
              if (destination == null) {
                destination =
                    volume
                        .names()
                        .create(
                            Caller.ROOT,
                            parent,
                            name,
                            new Volume.CreateMode.Guarded(),
                            AttributeChanges.ofMode(0644))
                        .inode();
              }
              return volume.clones().exchangeContents(Caller.ROOT, aside, destination);
            });
    files.awaitDurable(volume);
    files.changed(volume, path);
    return new Committed(files.describe(volume, path), isNew[0]);
  }

  private Inode existing(Inode parent) {
    try {
      Inode there = volume.names().lookup(Caller.ROOT, parent, name);
      FileType type = there.attributes().type();
      if (type != FileType.REGULAR) {
        throw new ArrayException(
            type == FileType.DIRECTORY ? ArrayError.IS_DIRECTORY : ArrayError.WRONG_TYPE,
            "'" + path + "' is there, and it is no regular file");
      }
      return there;
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NOT_FOUND) {
        return null;
      }
      throw e;
    }
  }

  /** Frees what was written aside. Closing again does nothing. */
  @Override
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      volume.files().release(aside);
    }
  }
}
