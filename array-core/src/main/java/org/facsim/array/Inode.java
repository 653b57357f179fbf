/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/** A file, directory or link of a volume; obtained from {@link Volume} or by its handle. */
public final class Inode {
  Inode() {}

  public Volume volume() {
    throw new UnsupportedOperationException("contract");
  }

  /** Never 0, never reused in the volume. */
  public long fileId() {
    throw new UnsupportedOperationException("contract");
  }

  public int generation() {
    throw new UnsupportedOperationException("contract");
  }

  /** The handle that clients use for this inode. */
  public FileHandle handle() {
    throw new UnsupportedOperationException("contract");
  }

  /** The attributes as they are now; takes no lock. */
  public FileAttributes attributes() {
    throw new UnsupportedOperationException("contract");
  }
}
