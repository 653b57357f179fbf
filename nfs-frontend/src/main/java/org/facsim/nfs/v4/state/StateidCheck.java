/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Stateids;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.services.state.LockClient;
import org.facsim.services.state.ShareReservation;

/**
 * Judges the stateids of READ, WRITE and SETATTR: RFC 8881 sections 8.2.3 and 9.1.2. It takes no
 * monitor and makes no object for the stateid of an open, because it runs for every READ.
 *
 * <p>An open for writing may be read, too: clients read the rest of a page that they write a part
 * of. A special stateid is refused what any open denies.
 */
final class StateidCheck implements Stateids {
  private final Nfs4State state;

  StateidCheck(Nfs4State state) {
    this.state = state;
  }

  @Override
  public Use check(Compound compound, Stateid4 stateid, Inode file, Access access) {
    if (stateid.isSpecial()) {
      return special(compound, stateid, file, access);
    }
    State4 found = state.find(compound, stateid);
    if (found.file() != file) {
      throw new Nfs4Exception(Nfs4Status.BAD_STATEID, "of another file");
    }
    if (access == Access.WRITE && (found.access() & ShareReservation.WRITE) == 0) {
      throw new Nfs4Exception(Nfs4Status.OPENMODE);
    }
    return found;
  }

  private Use special(Compound compound, Stateid4 stateid, Inode file, Access access) {
    boolean bypasses = stateid.isReadBypass();
    if (!bypasses && !stateid.isAnonymous()) {
      throw new Nfs4Exception(Nfs4Status.BAD_STATEID);
    }
    if (!bypasses || access == Access.WRITE) {
      if (state.grace().isRunning()) {
        throw new Nfs4Exception(Nfs4Status.GRACE);
      }
      int wanted = access == Access.WRITE ? ShareReservation.WRITE : ShareReservation.READ;
      if (state.holdings().opens().denies(file, wanted)) {
        throw new Nfs4Exception(Nfs4Status.LOCKED);
      }
    }
    LockClient client = compound.lockClient();
    return client == null ? ANONYMOUS : new Unopened(client);
  }

  private record Unopened(LockClient client) implements Use {
    @Override
    public boolean isOpened() {
      return false;
    }
  }
}
