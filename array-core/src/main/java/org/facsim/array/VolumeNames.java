/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.List;

/**
 * The names of one volume: finding, making, moving and removing them. Thread-safe; each mutation is
 * one critical section.
 */
public interface VolumeNames {
  /**
   * Finds a name; {@code .} and {@code ..} too (the root's parent is the root).
   *
   * @throws ArrayException NOT_FOUND, NOT_DIRECTORY, ACCESS_DENIED
   */
  Inode lookup(Caller caller, Inode directory, Name name);

  /**
   * The names that lead to an inode from the root, as they are now: those of its directories, and
   * of its own the one that was given last. Takes no lock, and asks for no permission.
   *
   * @return empty for the root; null for what has no name, or lost the last one that it was given
   *     while it has older ones; below {@link Volume#SNAPSHOT_DIRECTORY} for what is in a snapshot
   */
  List<Name> pathOf(Inode inode);

  /**
   * Grows with every name of the volume that goes or leads elsewhere, and not with those that come:
   * a path holds as long as this stays. Takes no lock.
   */
  long changes();

  /** The target of a symbolic link. */
  byte[] readLink(Caller caller, Inode link);

  /**
   * Makes or opens a regular file.
   *
   * @throws ArrayException EXISTS, ACCESS_DENIED, NO_SPACE, NAME_TOO_LONG, INVALID_ARGUMENT,
   *     NOT_DIRECTORY, IS_DIRECTORY (unchecked, and a directory is there)
   */
  Volume.Created create(
      Caller caller,
      Inode directory,
      Name name,
      Volume.CreateMode mode,
      AttributeChanges attributes);

  Volume.Created makeDirectory(
      Caller caller, Inode directory, Name name, AttributeChanges attributes);

  /**
   * Makes a symbolic link; the target is 1 to {@link Volume#MAX_SYMLINK_BYTES} bytes, never parsed.
   */
  Volume.Created makeSymbolicLink(
      Caller caller, Inode directory, Name name, byte[] target, AttributeChanges attributes);

  /** Makes a device file, socket or FIFO; device numbers are 0 unless it is a device. */
  Volume.Created makeSpecial(
      Caller caller,
      Inode directory,
      Name name,
      FileType type,
      int deviceMajor,
      int deviceMinor,
      AttributeChanges attributes);

  /** Removes a name that is not a directory's. Returns what happened to the directory. */
  Mutation remove(Caller caller, Inode directory, Name name);

  /** Removes an empty directory. Returns what happened to its parent. */
  Mutation removeDirectory(Caller caller, Inode directory, Name name);

  /**
   * Renames as POSIX: replaces a target of a fitting type atomically; two names of one file: no
   * change; a directory never into itself.
   */
  Volume.Renamed rename(Caller caller, Inode fromDirectory, Name from, Inode toDirectory, Name to);

  Volume.Linked link(Caller caller, Inode file, Inode directory, Name name);

  /**
   * Entries after a cookie, in cookie order, without {@code .} and {@code ..}. Cookies are given
   * once per entry, grow from {@link Volume#FIRST_COOKIE}, and stay valid when other entries come
   * or go; a cookie whose entry is gone resumes after it. Any cookie below FIRST_COOKIE starts at
   * the beginning.
   *
   * @param maxEntries 1 or more
   */
  Volume.DirectoryPage readDirectory(Caller caller, Inode directory, long cookie, int maxEntries);
}
