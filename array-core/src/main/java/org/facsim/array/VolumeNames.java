/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.List;

/**
 * The names of one volume: finding, making, moving and removing them. Thread-safe; each mutation is
 * one critical section.
 */
public interface VolumeNames {
  /**
   * Finds a name, also {@code .} and {@code ..}. The root's parent is the root.
   *
   * @throws ArrayException NOT_FOUND, NOT_DIRECTORY, ACCESS_DENIED
   */
  Inode lookup(Caller caller, Inode directory, Name name);

  /**
   * Returns the names that lead from the root to an inode now. If the inode has several names, it
   * is the one that was given last. Takes no lock, and checks no permission.
   *
   * @return empty for the root; null if the inode has no name, or lost the name that it was given
   *     last although it has older ones; below {@link Volume#SNAPSHOT_DIRECTORY} for an inode of a
   *     snapshot
   */
  List<Name> pathOf(Inode inode);

  /**
   * A counter that grows whenever a name of the volume goes or leads elsewhere, but not when a name
   * comes. As long as it stays the same, paths stay valid. Takes no lock.
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
   * Makes a symbolic link. The target has 1 to {@link Volume#MAX_SYMLINK_BYTES} bytes, which the
   * array does not interpret.
   */
  Volume.Created makeSymbolicLink(
      Caller caller, Inode directory, Name name, byte[] target, AttributeChanges attributes);

  /** Makes a device file, socket or FIFO. Device numbers are 0 unless it is a device. */
  Volume.Created makeSpecial(
      Caller caller,
      Inode directory,
      Name name,
      FileType type,
      int deviceMajor,
      int deviceMinor,
      AttributeChanges attributes);

  /** Removes a name that does not lead to a directory. Returns what happened to its directory. */
  Mutation remove(Caller caller, Inode directory, Name name);

  /** Removes an empty directory. Returns what happened to its parent. */
  Mutation removeDirectory(Caller caller, Inode directory, Name name);

  /**
   * Renames as POSIX does. It replaces a target of a fitting type atomically. If both names lead to
   * the same file, it changes nothing. It never moves a directory into itself.
   */
  Volume.Renamed rename(Caller caller, Inode fromDirectory, Name from, Inode toDirectory, Name to);

  Volume.Linked link(Caller caller, Inode file, Inode directory, Name name);

  /**
   * Lists the entries after a cookie, in the order of the cookies and without {@code .} and {@code
   * ..}. Each entry has one cookie. Cookies grow from {@link Volume#FIRST_COOKIE} on, and stay
   * valid when other entries come or go. If the entry of a cookie is gone, the listing continues
   * after its place. A cookie below FIRST_COOKIE starts at the beginning.
   *
   * @param maxEntries 1 or more
   */
  Volume.DirectoryPage readDirectory(Caller caller, Inode directory, long cookie, int maxEntries);
}
