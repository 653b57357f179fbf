/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

/** The locks of one owner on one file. */
final class LockState extends State4 {
  private final LockOwner4 owner;
  private final OpenState open;

  LockState(LockOwner4 owner, int number, OpenState open) {
    super(open.client(), number, open.file());
    this.owner = owner;
    this.open = open;
  }

  LockOwner4 owner() {
    return owner;
  }

  /** The open that it was made with, and ends with. */
  OpenState open() {
    return open;
  }

  @Override
  int access() {
    return open.access();
  }
}
