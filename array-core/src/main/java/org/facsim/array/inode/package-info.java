/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Inodes and what hangs on them: attributes, directories, extended attributes, ACLs, handles and
 * permissions. Inodes are objects; their attributes and names are outside the heap (ADR 0011).
 *
 * <h2>The main types</h2>
 *
 * <ul>
 *   <li>{@link org.facsim.array.inode.VolumeInode} is an inode. {@link
 *       org.facsim.array.inode.InodeTable} finds it by its file id.
 *   <li>{@link org.facsim.array.inode.AttributeRow} keeps attributes in a row of {@code
 *       block.table.InodeRows}, and {@link org.facsim.array.inode.AttributeDraft} is a set of them
 *       that is being edited.
 *   <li>{@link org.facsim.array.inode.Directory} has entries: by name for lookups, by cookie for
 *       listings.
 *   <li>{@link org.facsim.array.inode.AccessCheck} decides by mode bits what a caller may do.
 *   <li>{@link org.facsim.array.inode.HandleKey} seals handles and draws verifiers. {@link
 *       org.facsim.array.inode.HeapCost} estimates what inodes take of the heap.
 *   <li>{@link org.facsim.array.inode.VolumeContents} is all of it for one volume.
 * </ul>
 *
 * <h2>Threads</h2>
 *
 * <p>The volume's lock guards all changes. Lookups, listings and attributes are read without a
 * lock, by one thread or many. A reader may find an entry whose inode has just gone, and sees each
 * set of attributes as a whole.
 *
 * <p>This package may see the array's API, {@code block} and its parts, but neither {@code history}
 * nor {@code volume}.
 */
package org.facsim.array.inode;
