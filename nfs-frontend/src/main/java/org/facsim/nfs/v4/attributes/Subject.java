/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.attributes;

import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;

/**
 * Whose attributes are encoded: an object of a volume, or the pseudo-root. Can be changed, so that
 * a listing has one for all its entries.
 */
public final class Subject {
  private Inode inode;
  private FileAttributes attributes;

  public Subject() {}

  /** Becomes an object with its attributes as they are now, or as they were just before. */
  public Subject of(Inode newInode, FileAttributes newAttributes) {
    inode = newInode;
    attributes = newAttributes;
    return this;
  }

  /**
   * Becomes the pseudo-root.
   *
   * @param newAttributes those that {@link PseudoRoot} made
   */
  Subject ofPseudoRoot(FileAttributes newAttributes) {
    return of(null, newAttributes);
  }

  /** The object; null at the pseudo-root. */
  public Inode inode() {
    return inode;
  }

  public boolean isPseudoRoot() {
    return inode == null;
  }

  public FileAttributes attributes() {
    return attributes;
  }

  /** Whether it is the root of an export, which is mounted on an entry of the pseudo-root. */
  boolean isExportRoot() {
    return inode != null
        && attributes.type() == FileType.DIRECTORY
        && inode.equals(inode.volume().root());
  }
}
