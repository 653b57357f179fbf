/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import org.facsim.array.FileHandle;
import org.facsim.array.Inode;

/** A file, on whatever volume, without a reference to it. */
public record FileKey(int volumeId, long fileId) {
  public static FileKey of(Inode file) {
    return new FileKey(file.volume().id(), file.fileId());
  }

  public static FileKey of(FileHandle handle) {
    return new FileKey(handle.volumeId(), handle.fileId());
  }
}
