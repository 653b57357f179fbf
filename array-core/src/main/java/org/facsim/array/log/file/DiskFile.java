/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import org.facsim.array.ArrayException;

/**
 * A file on the operating system's disk whose failures are the array's errors: NO_SPACE if what was
 * tried needs space and the disk is full, otherwise IO ({@link DiskErrors}).
 *
 * <p>Thread-safe for disjoint places.
 */
final class DiskFile implements AutoCloseable {
  private final Path path;
  private final DataChannel channel;

  /**
   * Opens a file.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  DiskFile(Path path, OpenOption... options) {
    this.path = path;
    try {
      channel = DataChannel.open(path, options);
    } catch (IOException e) {
      throw DiskErrors.failedToStore("opening", path, e);
    }
  }

  /** The last part of its path. */
  String name() {
    return path.getFileName().toString();
  }

  /**
   * Writes all that remains in {@code source}, and consumes it.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  void write(long offsetBytes, ByteBuffer source) {
    try {
      channel.write(offsetBytes, source);
    } catch (IOException e) {
      throw DiskErrors.failedToStore("writing", path, e);
    }
  }

  /**
   * Reads until {@code target} is full or the file ends.
   *
   * @throws ArrayException IO
   */
  void read(long offsetBytes, ByteBuffer target) {
    try {
      channel.read(offsetBytes, target);
    } catch (IOException e) {
      throw DiskErrors.failed("reading", path, e);
    }
  }

  /**
   * Makes data and file size durable, but not the times: an fdatasync.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  void force() {
    try {
      channel.force();
    } catch (IOException e) {
      throw DiskErrors.failedToStore("forcing", path, e);
    }
  }

  /**
   * The size of the file.
   *
   * @throws ArrayException IO
   */
  long sizeBytes() {
    try {
      return channel.sizeBytes();
    } catch (IOException e) {
      throw DiskErrors.failed("measuring", path, e);
    }
  }

  /**
   * Locks the file until it is closed.
   *
   * @param shared whether others may lock it in the same way
   * @throws ArrayException BUSY if another process has locked it, IO
   */
  void lock(boolean shared) {
    boolean locked;
    try {
      locked = shared ? channel.tryLockShared() : channel.tryLock();
    } catch (IOException e) {
      throw DiskErrors.failed("locking", path, e);
    }
    if (!locked) {
      throw DirectoryLock.busyLog(path);
    }
  }

  /**
   * Closes the file. Only the first call does anything.
   *
   * @throws ArrayException IO
   */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw DiskErrors.failed("closing", path, e);
    }
  }
}
