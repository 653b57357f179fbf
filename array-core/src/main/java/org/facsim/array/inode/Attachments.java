/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.Acl;

/**
 * What an inode has in addition to its contents and {@code FileAttributes}. Immutable. It costs the
 * volume no blocks. Its bytes are bounded for each inode and for each volume.
 *
 * @param acl as a client set it; null if it follows from the mode
 */
public record Attachments(ExtendedAttributes extended, Acl acl) {
  /** No attachments, which is what almost all inodes have. */
  public static final Attachments NONE = new Attachments(ExtendedAttributes.NONE, null);

  public Attachments with(ExtendedAttributes changed) {
    return new Attachments(changed, acl);
  }

  public Attachments with(Acl changed) {
    return new Attachments(extended, changed);
  }

  public long sizeBytes() {
    return extended.sizeBytes() + (acl == null ? 0 : acl.sizeBytes());
  }
}
