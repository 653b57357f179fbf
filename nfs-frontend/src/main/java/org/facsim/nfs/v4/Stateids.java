/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import org.facsim.array.Inode;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.services.state.LockClient;

/**
 * Judges the stateids that READ, WRITE, SETATTR of a size and the operations of 4.2 bring: RFC 8881
 * sections 8.2 and 9.1. Also those that are special, because they conflict with opens that deny.
 */
public interface Stateids {
  /** What the operation is about to do. */
  enum Access {
    READ,
    WRITE
  }

  /** What a stateid stands for. */
  interface Use {
    /** The client, whose own delegations do not conflict; null if it is not known. */
    LockClient client();

    /**
     * Whether the client opened the file for this access, and so may have it, whatever the mode
     * says by now.
     */
    boolean isOpened();
  }

  /** What a special stateid stands for, if the client is not known. */
  Use ANONYMOUS =
      new Use() {
        @Override
        public LockClient client() {
          return null;
        }

        @Override
        public boolean isOpened() {
          return false;
        }
      };

  /**
   * Checks a stateid for an access to the data of a file. Also renews a lease where the minor
   * version wants it.
   *
   * @param stateid special ones included; {@link Stateid4#CURRENT} was replaced before
   * @throws Nfs4Exception BAD_STATEID, OLD_STATEID, STALE_STATEID, EXPIRED, OPENMODE, LOCKED,
   *     GRACE, DELAY, ADMIN_REVOKED, DELEG_REVOKED
   */
  Use check(Compound compound, Stateid4 stateid, Inode file, Access access);

  /** For a door without opens: only special stateids. */
  Stateids NONE =
      (compound, stateid, file, access) -> {
        if (!stateid.isAnonymous() && !stateid.isReadBypass()) {
          throw new Nfs4Exception(Nfs4Status.BAD_STATEID);
        }
        return ANONYMOUS;
      };
}
