/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * What hangs on an inode besides its contents and {@link FileAttributes}. Immutable. It costs the
 * volume no blocks; its bytes are bounded per inode and per volume.
 *
 * @param acl as a client set it, or null: then it follows from the mode
 */
record Attachments(ExtendedAttributes extended, Acl acl) {
  /** Of almost all inodes. */
  static final Attachments NONE = new Attachments(ExtendedAttributes.NONE, null);

  Attachments with(ExtendedAttributes changed) {
    return new Attachments(changed, acl);
  }

  Attachments with(Acl changed) {
    return new Attachments(extended, changed);
  }

  long sizeBytes() {
    return extended.sizeBytes() + (acl == null ? 0 : acl.sizeBytes());
  }
}
