/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Parts;

/**
 * The directory above all exports, RFC 8881 section 7.3. It is a file system of its own, which
 * nobody can change. In it are the exports that the client may use over its version of NFS; a
 * client that may use none cannot look into it.
 */
public final class PseudoRoot {
  /** The file system of the pseudo-root; volumes have their ids, which are never 0. */
  static final int FILE_SYSTEM_ID = 0;

  private static final long FILE_ID = 1;
  private static final long FIRST_MOUNT_POINT = 1L << 32;
  private static final int MODE = 0555;
  private static final int SIZE_BYTES = 4096;

  private PseudoRoot() {}

  /**
   * Attributes as they are now. The change attribute grows when exports come, go or change, and
   * with each run of the array.
   */
  public static FileAttributes attributes(Compound compound) {
    Nfs4Parts parts = compound.parts();
    long change = parts.array().starts() << Integer.SIZE | parts.exports().changes();
    long timeNanos = parts.startNanos();
    return new FileAttributes(
        FileType.DIRECTORY,
        MODE,
        2,
        0,
        0,
        SIZE_BYTES,
        0,
        0,
        0,
        FILE_SYSTEM_ID,
        FILE_ID,
        timeNanos,
        timeNanos,
        timeNanos,
        change);
  }

  /** The file id of the entry on which a volume is mounted. */
  public static long mountPointOf(int volumeId) {
    return FIRST_MOUNT_POINT | volumeId;
  }
}
