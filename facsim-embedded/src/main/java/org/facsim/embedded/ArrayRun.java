/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.util.Optional;
import java.util.OptionalInt;
import org.facsim.array.StorageArray;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.engine.ArrayPower;
import org.facsim.nfs.nlm.LockManager;
import org.facsim.nfs.v4.state.Nfs4State;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.ArrayStart;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.session.SessionCalls;
import org.facsim.services.state.Holdings;

/**
 * What a controller makes of an array: its doors, and what they know of their clients. A takeover
 * or a restart in place makes another one.
 *
 * @param stored what the doors are doors of
 * @param nfs4 what clients of NFSv4 hold
 * @param httpSessions of the management door; null if there is none
 * @param control of this run; the array's own one follows it
 */
record ArrayRun(
    Stored stored,
    Holdings holdings,
    Nfs4State nfs4,
    OffloadEngine offload,
    RpcServer server,
    Sideband sideband,
    SessionCalls httpSessions,
    ArrayControl control) {
  /**
   * An open array before its doors.
   *
   * @param power of its data directory; empty for one in memory
   */
  record Stored(StorageArray storage, Optional<ArrayPower> power, ArrayStart begun) {
    /** Whether it was closed or lost its power, and has to be opened again. */
    boolean isGone() {
      return ((ArrayEngine) storage).isClosed();
    }

    /** Closes it; after a power failure nothing is written any more. */
    void close() {
      if (power.map(ArrayPower::isOff).orElse(false)) {
        ((ArrayEngine) storage).abandon();
      } else {
        storage.close();
      }
    }
  }

  /** Where the doors listen, so that the next run listens there, too. */
  ArrayPorts ports() {
    return new ArrayPorts(
        server.address().getPort(),
        sideband.udpAddress().getPort(),
        sideband
            .portmapAddress()
            .map(address -> OptionalInt.of(address.getPort()))
            .orElse(OptionalInt.empty()));
  }

  /** What a run leaves to the next one: which clients may reclaim what they held. */
  record Left(LockManager.Earlier locks, Nfs4State.Earlier nfs4) {}

  /** For the run that comes after this one. */
  Left leave() {
    return new Left(sideband.locks().leave(), nfs4.leave());
  }

  /** Nobody hears anything of this run any more. Must not be called by one of its event loops. */
  void hangUp() {
    Closing.inOrder(server::hangUp, sideband::hangUp);
  }

  /**
   * Closes the doors. Jobs under way are lost, and give back what they built. The array itself
   * stays open.
   */
  void closeDoors() {
    Closing.inOrder(
        nfs4::close,
        sideband::close,
        server::close,
        offload::close,
        () -> stored.storage().removeListener(holdings),
        stored.begun().follower()::forgetDoors);
  }
}
