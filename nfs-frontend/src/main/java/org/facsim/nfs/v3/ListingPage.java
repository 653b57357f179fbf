/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.Name3;

/**
 * The entries of one reply of READDIR or READDIRPLUS, as many as fit. Without its status, the reply
 * never exceeds the requested number of bytes.
 *
 * @param <E> the type of an entry in the reply
 */
abstract class ListingPage<E> implements DirectoryWalk.Page {
  /** The most bytes of a reply, whatever the client requests. */
  static final int MAX_BYTES = 256 << 10;

  /** Cookies never expire, so there is nothing to verify. */
  static final long COOKIE_VERIFIER = 0;

  /** The bytes of a successful reply besides its entries, without the status. */
  private static final int FRAME_BYTES = Fattr3.POST_OP_SIZE_BYTES + 8 + 4 + 4;

  private final List<E> entries = new ArrayList<>();
  private long leftBytes;
  private boolean end;

  /**
   * An empty page.
   *
   * @param replyBytes the client's bound
   */
  ListingPage(long replyBytes) {
    leftBytes = Math.min(replyBytes, MAX_BYTES) - FRAME_BYTES;
  }

  /**
   * Takes as much of a directory as fits.
   *
   * @return false if nothing fits although there are entries: TOOSMALL
   */
  final boolean fill(Nfs3Call call, Inode directory, long cookie) {
    end = DirectoryWalk.fill(call.caller(), directory, cookie, this);
    return leftBytes >= 0 && (end || !entries.isEmpty());
  }

  /** The number of bytes of an entry in the reply. */
  abstract int encodedBytes(int nameBytes);

  abstract E entry(Name3 name, Inode inode, long cookie);

  @Override
  public boolean offer(Name3 name, Inode inode, long cookie) {
    int entryBytes = encodedBytes(name.lengthBytes());
    if (entryBytes > leftBytes) {
      return false;
    }
    leftBytes -= entryBytes;
    return entries.add(entry(name, inode, cookie));
  }

  final List<E> entries() {
    return entries;
  }

  /** Whether the last entry is the directory's last. */
  final boolean isEnd() {
    return end;
  }
}
