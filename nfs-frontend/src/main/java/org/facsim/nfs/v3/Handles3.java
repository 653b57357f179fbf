/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Nfs3Handle;

/** Translates file handles, from the wire to the array and back. */
final class Handles3 {
  private Handles3() {}

  /**
   * The array's handle.
   *
   * @throws ArrayException BAD_HANDLE if these bytes cannot be a handle of an array
   */
  static FileHandle toArray(Nfs3Handle handle) {
    if (handle.lengthBytes() != FileHandle.SIZE_BYTES) {
      throw new ArrayException(
          ArrayError.BAD_HANDLE, "handle of " + handle.lengthBytes() + " bytes");
    }
    return FileHandle.ofWords(handle.word(0), handle.word(1), handle.word(2), handle.word(3));
  }

  static Nfs3Handle of(Inode inode) {
    FileHandle handle = inode.handle();
    return Nfs3Handle.ofWords(handle.word(0), handle.word(1), handle.word(2), handle.word(3));
  }
}
