/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.Name;
import org.facsim.array.Volume.DirectoryEntry;

/** An entry of a directory: a name, and where it leads. */
public record NamedInode(Name name, VolumeInode inode, long cookie) implements DirectoryEntry {}
