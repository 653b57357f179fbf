/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A file system of the array. Thread-safe. Each mutation is one critical section: it either happens
 * whole or throws {@link ArrayException} and changes nothing.
 */
public final class Volume {
  /** The largest file, 16 TiB. */
  public static final long MAX_FILE_BYTES = 1L << 44;

  /** The unit of allocation, sharing and cloning. */
  public static final int BLOCK_BYTES = 4096;

  /** The most a single read or write moves. */
  public static final int MAX_TRANSFER_BYTES = 1 << 20;

  /** The most bytes in a symbolic link. */
  public static final int MAX_SYMLINK_BYTES = 4096;

  /** The first cookie of a directory; doors use 1 and 2 for {@code .} and {@code ..}. */
  public static final long FIRST_COOKIE = 3;

  /** Bits of {@link #access}. */
  public static final int ACCESS_READ = 0x01;

  public static final int ACCESS_LOOKUP = 0x02;
  public static final int ACCESS_MODIFY = 0x04;
  public static final int ACCESS_EXTEND = 0x08;
  public static final int ACCESS_DELETE = 0x10;
  public static final int ACCESS_EXECUTE = 0x20;

  Volume() {}

  /** Never 0; stable. */
  public int id() {
    throw new UnsupportedOperationException("contract");
  }

  public String name() {
    throw new UnsupportedOperationException("contract");
  }

  public StorageArray array() {
    throw new UnsupportedOperationException("contract");
  }

  public Inode root() {
    throw new UnsupportedOperationException("contract");
  }

  /** Which of the {@code ACCESS_} bits in {@code wanted} the caller has. */
  public int access(Caller caller, Inode inode, int wanted) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Changes attributes, all or none.
   *
   * @param expectedChangeTimeNanos the guard of NFSv3 SETATTR, or null for none
   * @throws ArrayException NOT_SYNCHRONIZED, NOT_PERMITTED, ACCESS_DENIED, IS_DIRECTORY (size),
   *     INVALID_ARGUMENT, FILE_TOO_LARGE, NO_SPACE
   */
  public Mutation setAttributes(
      Caller caller, Inode inode, AttributeChanges changes, Long expectedChangeTimeNanos) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Finds a name; {@code .} and {@code ..} too (the root's parent is the root).
   *
   * @throws ArrayException NOT_FOUND, NOT_DIRECTORY, ACCESS_DENIED
   */
  public Inode lookup(Caller caller, Inode directory, Name name) {
    throw new UnsupportedOperationException("contract");
  }

  /** The target of a symbolic link. */
  public byte[] readLink(Caller caller, Inode link) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Fills {@code target} from its position, holes as zeros, up to its limit or the end of the file,
   * and moves its position. Takes no lock.
   *
   * @param target a direct buffer is fastest; at most {@link #MAX_TRANSFER_BYTES} are read
   * @throws ArrayException ACCESS_DENIED, IS_DIRECTORY, WRONG_TYPE, INVALID_ARGUMENT
   */
  public ReadResult read(Caller caller, Inode file, long offsetBytes, ByteBuffer target) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Writes what remains in {@code source}; a write past the end zero-fills the gap as a hole.
   *
   * @param source consumed on success; at most {@link #MAX_TRANSFER_BYTES}
   * @throws ArrayException ACCESS_DENIED, IS_DIRECTORY, WRONG_TYPE, FILE_TOO_LARGE, NO_SPACE
   */
  public Mutation write(Caller caller, Inode file, long offsetBytes, ByteBuffer source) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Makes or opens a regular file.
   *
   * @throws ArrayException EXISTS, ACCESS_DENIED, NO_SPACE, NAME_TOO_LONG, INVALID_ARGUMENT,
   *     NOT_DIRECTORY, IS_DIRECTORY (unchecked, and a directory is there)
   */
  public Created create(
      Caller caller, Inode directory, Name name, CreateMode mode, AttributeChanges attributes) {
    throw new UnsupportedOperationException("contract");
  }

  public Created makeDirectory(
      Caller caller, Inode directory, Name name, AttributeChanges attributes) {
    throw new UnsupportedOperationException("contract");
  }

  /** Makes a symbolic link; the target is 1 to {@link #MAX_SYMLINK_BYTES} bytes, never parsed. */
  public Created makeSymbolicLink(
      Caller caller, Inode directory, Name name, byte[] target, AttributeChanges attributes) {
    throw new UnsupportedOperationException("contract");
  }

  /** Makes a device file, socket or FIFO; device numbers are 0 unless it is a device. */
  public Created makeSpecial(
      Caller caller,
      Inode directory,
      Name name,
      FileType type,
      int deviceMajor,
      int deviceMinor,
      AttributeChanges attributes) {
    throw new UnsupportedOperationException("contract");
  }

  /** Removes a name that is not a directory's. Returns what happened to the directory. */
  public Mutation remove(Caller caller, Inode directory, Name name) {
    throw new UnsupportedOperationException("contract");
  }

  /** Removes an empty directory. Returns what happened to its parent. */
  public Mutation removeDirectory(Caller caller, Inode directory, Name name) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Renames as POSIX: replaces a target of a fitting type atomically; two names of one file: no
   * change; a directory never into itself.
   */
  public Renamed rename(Caller caller, Inode fromDirectory, Name from, Inode toDirectory, Name to) {
    throw new UnsupportedOperationException("contract");
  }

  public Linked link(Caller caller, Inode file, Inode directory, Name name) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Entries after a cookie, in cookie order, without {@code .} and {@code ..}. Cookies are given
   * once per entry, grow from {@link #FIRST_COOKIE}, and stay valid when other entries come or go;
   * a cookie whose entry is gone resumes after it. Any cookie below FIRST_COOKIE starts at the
   * beginning.
   *
   * @param maxEntries 1 or more
   */
  public DirectoryPage readDirectory(Caller caller, Inode directory, long cookie, int maxEntries) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * Gives the destination exactly the source's contents and size by sharing its blocks: O(1),
   * atomic for every observer, zero new blocks. What the destination held is released.
   *
   * @throws ArrayException CROSS_VOLUME, WRONG_TYPE, IS_DIRECTORY, ACCESS_DENIED (read on the
   *     source, write on the destination), INVALID_ARGUMENT (source is destination)
   */
  public Mutation cloneFile(Caller caller, Inode source, Inode destination) {
    throw new UnsupportedOperationException("contract");
  }

  /** The ledger of one file. */
  public FileSpace space(Inode file) {
    throw new UnsupportedOperationException("contract");
  }

  /** The ledger of the volume. */
  public VolumeSpace space() {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * What a read moved.
   *
   * @param countBytes bytes put into the target
   * @param endOfFile whether the read reached the end
   * @param attributes consistent with the data
   */
  public record ReadResult(int countBytes, boolean endOfFile, FileAttributes attributes) {}

  /** A made or opened inode, and what happened to its directory. */
  public record Created(Inode inode, FileAttributes attributes, Mutation directory) {}

  /** What a rename did to both directories; the same value twice if they are one. */
  public record Renamed(Mutation from, Mutation to) {}

  /** What a link did. */
  public record Linked(FileAttributes file, Mutation directory) {}

  /** One entry. */
  public record DirectoryEntry(Name name, Inode inode, long cookie) {}

  /** Entries in cookie order and whether the last of them is the directory's last. */
  public record DirectoryPage(List<DirectoryEntry> entries, boolean endOfDirectory) {}

  /** How CREATE treats a name that is taken. */
  public sealed interface CreateMode {
    /** Open the existing file; apply only a size of 0. */
    record Unchecked() implements CreateMode {}

    /** Fail with EXISTS. */
    record Guarded() implements CreateMode {}

    /** Fail with EXISTS unless the file was made by a create with this very verifier. */
    record Exclusive(long verifier) implements CreateMode {}
  }
}
