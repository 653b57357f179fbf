/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.inode.HandleKey;
import org.facsim.array.states.VolumeRegistry;
import org.facsim.array.volume.OpenVolume;

/** Finds the inodes that handles name. It takes no lock. Thread-safe. */
final class HandleResolver {
  private final HandleKey key;
  private final VolumeRegistry registry;

  HandleResolver(HandleKey key, VolumeRegistry registry) {
    this.key = key;
    this.registry = registry;
  }

  /**
   * Returns the inode.
   *
   * @throws ArrayException BAD_HANDLE if the check fails, STALE if the inode or volume is gone
   */
  Inode resolve(FileHandle handle) {
    OpenVolume volume = volume(handle.volumeId());
    Inode inode = volume == null ? null : volume.find(handle.fileId());
    boolean issued = key.issued(handle);
    if (inode == null || !issued) {
      throw unresolved(handle, issued);
    }
    return inode;
  }

  private static ArrayException unresolved(FileHandle handle, boolean issued) {
    return issued
        ? new ArrayException(ArrayError.STALE, "file " + handle.fileId() + " is removed")
        : new ArrayException(ArrayError.BAD_HANDLE, "not a handle of this array");
  }

  /** The volume or null. If no volume was ever deleted, the volume with id n is at n - 1. */
  private OpenVolume volume(int id) {
    List<OpenVolume> known = registry.volumes();
    int low = 0;
    int high = Math.max(0, Math.min(id, known.size())) - 1;
    for (int at = high; low <= high; at = (low + high) >>> 1) {
      OpenVolume volume = known.get(at);
      if (volume.id() == id) {
        return volume;
      }
      if (volume.id() < id) {
        low = at + 1;
      } else {
        high = at - 1;
      }
    }
    return null;
  }
}
