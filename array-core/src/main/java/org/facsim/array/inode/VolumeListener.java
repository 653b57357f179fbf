/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

/**
 * Is told of the changes of a durable volume, and asked before them. The volume's lock is held,
 * except in {@link #admit}.
 */
public interface VolumeListener {
  /**
   * Called before a mutation changes anything. Takes no lock.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO, BUSY if a durable array cannot keep more
   *     changes in memory
   */
  void admit();

  /** The transaction group to which a mutation belongs that has just been made. */
  long openGroup();

  /** An inode was made, changed or removed. */
  void changed(VolumeInode inode);

  /** Attachments of this size have to be stored. */
  void attachmentsChanged(long sizeBytes);

  /** Something of the volume itself changed. */
  void volumeChanged();

  /** Payload was written, most of it to slots that nothing durable names. */
  void wrote(int lengthBytes);
}
