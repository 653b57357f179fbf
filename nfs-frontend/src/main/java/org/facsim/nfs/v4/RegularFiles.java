/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs4.Nfs4Status;

/** Operations on data and on locks are for regular files only. */
public final class RegularFiles {
  private RegularFiles() {}

  /**
   * Refuses everything else.
   *
   * @throws Nfs4Exception ISDIR; INVAL in minor version 0, later SYMLINK or WRONG_TYPE
   */
  public static void require(Compound compound, Inode inode) {
    FileType type = inode.attributes().type();
    if (type == FileType.REGULAR) {
      return;
    }
    if (type == FileType.DIRECTORY) {
      throw new Nfs4Exception(Nfs4Status.ISDIR);
    }
    if (compound.minorVersion() == 0) {
      throw new Nfs4Exception(Nfs4Status.INVAL);
    }
    throw new Nfs4Exception(
        type == FileType.SYMBOLIC_LINK ? Nfs4Status.SYMLINK : Nfs4Status.WRONG_TYPE);
  }
}
