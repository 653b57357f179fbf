/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.space;

import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;

/** What arguments must be like. */
final class Ranges {
  private Ranges() {}

  /** RFC 7862 has one answer for everything but regular files. */
  static Inode requireRegular(Inode inode) {
    if (inode.attributes().type() != FileType.REGULAR) {
      throw new Nfs4Exception(
          Nfs4Status.WRONG_TYPE, "file " + inode.fileId() + " is no regular file");
    }
    return inode;
  }

  /**
   * Checks a range as it was read, where 2^63 and more is negative.
   *
   * @throws Nfs4Exception INVAL if the range ends beyond 2^64-1 (RFC 7862 section 15.1.3), FBIG if
   *     it only ends beyond 2^63-1
   */
  static void require(long offset, long length) {
    boolean wraps = Long.compareUnsigned(offset + length, offset) < 0;
    if (wraps) {
      throw new Nfs4Exception(Nfs4Status.INVAL, "the range ends beyond 2^64-1");
    }
    if (offset < 0 || length < 0 || offset + length < 0) {
      throw new Nfs4Exception(Nfs4Status.FBIG, "the range ends beyond 2^63-1");
    }
  }
}
