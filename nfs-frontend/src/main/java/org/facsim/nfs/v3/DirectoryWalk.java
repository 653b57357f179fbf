/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Name3;

/**
 * Reads a directory from a cookie on and fills the page of a reply.
 *
 * <p>Cookies 1 and 2 are those of {@code .} and {@code ..}, which the array does not store; its own
 * start at {@link Volume#FIRST_COOKIE} and stay valid whatever happens to other entries. So any
 * cookie verifier is accepted: refusing one would break a listing without need.
 */
final class DirectoryWalk {
  /** How many entries are read at a time, before it is known whether they fit. */
  private static final int CHUNK_ENTRIES = 128;

  private static final long DOT_COOKIE = 1;
  private static final long DOT_DOT_COOKIE = 2;
  private static final Name3 DOT = Name3.of(".");
  private static final Name3 DOT_DOT = Name3.of("..");
  private static final Name PARENT = Name.of("..");

  /** Where the entries go. */
  interface Page {
    /** Takes one entry, or returns false because it does not fit. */
    boolean offer(Name3 name, Inode inode, long cookie);
  }

  private DirectoryWalk() {}

  /**
   * Fills the page.
   *
   * @return whether all entries up to the directory's last were taken
   * @throws ArrayException NOT_DIRECTORY, ACCESS_DENIED, BAD_COOKIE
   */
  static boolean fill(Caller caller, Inode directory, long cookie, Page page) {
    if (cookie < 0) {
      throw new ArrayException(
          ArrayError.BAD_COOKIE, "cookie " + Long.toUnsignedString(cookie) + " was never issued");
    }
    Volume volume = directory.volume();
    Volume.DirectoryPage chunk =
        volume.names().readDirectory(caller, directory, cookie, CHUNK_ENTRIES);
    if (cookie < DOT_COOKIE && !page.offer(DOT, directory, DOT_COOKIE)) {
      return false;
    }
    if (cookie < DOT_DOT_COOKIE) {
      // Listing needs no search permission, and ".." is part of the list.
      Inode parent = volume.names().lookup(Caller.ROOT, directory, PARENT);
      if (!page.offer(DOT_DOT, parent, DOT_DOT_COOKIE)) {
        return false;
      }
    }
    while (true) {
      List<Volume.DirectoryEntry> entries = chunk.entries();
      for (Volume.DirectoryEntry entry : entries) {
        Name3 name = Name3.ofBytes(entry.name().toBytes());
        if (!page.offer(name, entry.inode(), entry.cookie())) {
          return false;
        }
      }
      if (chunk.endOfDirectory()) {
        return true;
      }
      long last = entries.get(entries.size() - 1).cookie();
      chunk = volume.names().readDirectory(caller, directory, last, CHUNK_ENTRIES);
    }
  }
}
