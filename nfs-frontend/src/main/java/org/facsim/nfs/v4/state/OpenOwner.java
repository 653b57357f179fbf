/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.util.IdentityHashMap;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.services.state.LockOwner;

/** Who opens files of a client. Compared by identity. Guarded by the state's monitor. */
final class OpenOwner implements LockOwner.Weighed {
  private static final int FEW = 3;

  private final Client4 client;
  private final Bytes name;

  /** How the tables of all doors know it. */
  private final LockOwner key;

  private final IdentityHashMap<Inode, OpenState> opens = new IdentityHashMap<>(FEW);

  /** In minor version 0. */
  final OwnerSequence sequence;

  /** In minor version 0: whether the client has confirmed that it exists. */
  boolean isConfirmed;

  /** In minor version 0: the open that was closed last, by which a repeated CLOSE is known. */
  OpenState closed;

  /** In minor version 0: the file of the last OPEN, which becomes the current one when repeated. */
  FileHandle lastOpened;

  /** When it was used last, because one without opens may be forgotten. */
  long usedNanos;

  OpenOwner(Client4 client, Bytes name) {
    this.client = client;
    this.name = name;
    key = new LockOwner(client, this);
    isConfirmed = client.hasSessions();
    sequence = client.hasSessions() ? null : new OwnerSequence();
  }

  Client4 client() {
    return client;
  }

  Bytes name() {
    return name;
  }

  LockOwner key() {
    return key;
  }

  IdentityHashMap<Inode, OpenState> opens() {
    return opens;
  }

  @Override
  public int weightBytes() {
    return name.length();
  }

  @Override
  public String toString() {
    return "open-owner " + name;
  }
}
