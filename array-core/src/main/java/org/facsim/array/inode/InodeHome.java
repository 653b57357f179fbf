/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Volume;
import org.facsim.array.block.table.InodeRows;

/** What the inodes of one volume know about the volume. It takes no lock. */
public final class InodeHome {
  private final Volume volume;
  private final int volumeId;
  private final String volumeName;
  private final InodeRows rows;
  private final HandleKey key;

  /** Whether the volume is deleted, or not in the state to which the array was restored. */
  private volatile boolean deleted;

  public InodeHome(Volume volume, int volumeId, String volumeName, InodeRows rows, HandleKey key) {
    this.volume = volume;
    this.volumeId = volumeId;
    this.volumeName = volumeName;
    this.rows = rows;
    this.key = key;
  }

  public Volume volume() {
    return volume;
  }

  public int volumeId() {
    return volumeId;
  }

  public String volumeName() {
    return volumeName;
  }

  /** Where the attributes of inodes are. */
  public InodeRows rows() {
    return rows;
  }

  public HandleKey key() {
    return key;
  }

  public boolean isDeleted() {
    return deleted;
  }

  /** Under the volume's lock. */
  public void setDeleted(boolean isDeleted) {
    deleted = isDeleted;
  }

  /** Refuses to go on with a deleted volume. */
  public void requirePresent() {
    if (deleted) {
      throw new ArrayException(ArrayError.STALE, "volume '" + volumeName + "' is deleted");
    }
  }
}
