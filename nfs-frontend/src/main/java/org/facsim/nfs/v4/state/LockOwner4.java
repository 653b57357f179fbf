/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.util.IdentityHashMap;
import org.facsim.array.Inode;
import org.facsim.services.state.LockOwner;

/** Who locks ranges for a client. Compared by identity. Guarded by the state's monitor. */
final class LockOwner4 implements LockOwner.Weighed {
  private static final int FEW = 3;

  private final Client4 client;
  private final Bytes name;
  private final LockOwner key;
  private final IdentityHashMap<Inode, LockState> locks = new IdentityHashMap<>(FEW);

  /** In minor version 0. */
  final OwnerSequence sequence;

  LockOwner4(Client4 client, Bytes name) {
    this.client = client;
    this.name = name;
    key = new LockOwner(client, this);
    sequence = client.hasSessions() ? null : new OwnerSequence();
  }

  Client4 client() {
    return client;
  }

  Bytes name() {
    return name;
  }

  /** How the tables of all doors know it. */
  LockOwner key() {
    return key;
  }

  IdentityHashMap<Inode, LockState> locks() {
    return locks;
  }

  @Override
  public int weightBytes() {
    return name.length();
  }

  @Override
  public String toString() {
    return "lock-owner " + name;
  }
}
