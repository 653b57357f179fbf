/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import org.facsim.array.Inode;
import org.facsim.nfs.v4.Stateids;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Stateid4;

/**
 * What a stateid stands for: an open, the locks of one owner on one file, or a delegation. The 12
 * bytes that stay the same are the client id and the state's number. Changed in the state's
 * monitor; any thread reads.
 */
abstract class State4 implements Stateids.Use {
  private static final int FIRST_SEQID = 1;

  private final Client4 client;
  private final int number;
  private final Inode file;
  private volatile int seqid = FIRST_SEQID;

  State4(Client4 client, int number, Inode file) {
    this.client = client;
    this.number = number;
    this.file = file;
  }

  @Override
  public Client4 client() {
    return client;
  }

  int number() {
    return number;
  }

  Inode file() {
    return file;
  }

  int seqid() {
    return seqid;
  }

  /** The next version of this state; zero is left out. */
  void advance() {
    seqid = seqid == -1 ? FIRST_SEQID : seqid + 1;
  }

  /** The access to the file that it stands for: of {@code ShareReservation}. */
  abstract int access();

  /** What is wrong with using it, for example that it was revoked; null if nothing is. */
  Nfs4Status refusal() {
    return null;
  }

  @Override
  public boolean isOpened() {
    return true;
  }

  Stateid4 stateid() {
    return new Stateid4(seqid, client.id(), number);
  }
}
