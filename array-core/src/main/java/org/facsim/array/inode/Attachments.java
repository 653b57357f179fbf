/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.Acl;

/**
 * What hangs on an inode besides its contents and {@code FileAttributes}. Immutable. It costs the
 * volume no blocks; its bytes are bounded per inode and per volume.
 *
 * @param acl as a client set it, or null: then it follows from the mode
 */
public record Attachments(ExtendedAttributes extended, Acl acl) {
  /** Of almost all inodes. */
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
