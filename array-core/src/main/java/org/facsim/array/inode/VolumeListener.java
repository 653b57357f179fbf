/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

/**
 * What a durable volume tells of its changes, and asks before them. All of it is called under the
 * volume's lock, but for {@link #admit}.
 */
public interface VolumeListener {
  /**
   * Called before a mutation changes anything. Takes no lock.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO, BUSY: a durable array cannot keep more
   *     than it has
   */
  void admit();

  /** The transaction group to which a mutation that has just been made belongs. */
  long openGroup();

  /** An inode was made, changed or removed. */
  void changed(VolumeInode inode);

  /** Attachments of this size are to be stored. */
  void attachmentsChanged(long sizeBytes);

  /** Something of the volume itself changed. */
  void volumeChanged();

  /** Payload was written, most of it to slots that nothing durable names. */
  void wrote(int lengthBytes);
}
