/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import org.facsim.array.Inode;

/** A range that an owner holds now. */
public record HeldLock(Inode file, LockOwner owner, ByteRange range, LockMode mode) {}
