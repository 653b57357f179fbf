/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.facsim.array.Inode;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.ShareReservation;

/**
 * A door whose clients hold files for as long as they renew a lease: NFSv4. All methods take a
 * picture of one moment.
 */
public interface LeasedClients {
  /** The clients that have confirmed that they exist. */
  List<Client> clients();

  /** The opens of all clients. */
  List<Open> opens();

  /** The delegations of all clients. */
  List<Delegated> delegations();

  /**
   * Forgets a client with everything that it holds. The client is not asked; it finds out with its
   * next call.
   *
   * @param id of one of {@link #clients}
   * @return in how many files there was something; -1 if there is no such client
   */
  int forget(long id);

  /**
   * A client.
   *
   * @param id the client id, unsigned
   * @param name what it calls itself, in readable form
   * @param address from which it came
   * @param hasSessions true from minor version 1 on
   * @param silent how long nothing has been heard of it
   * @param isLapsed whether its lease has run out, so that others may have what it holds
   * @param isReachable whether it can be called, so that it may be given delegations
   * @param lockedFiles files with locks, counted once for each owner
   */
  record Client(
      long id,
      String name,
      InetAddress address,
      boolean hasSessions,
      Duration silent,
      boolean isLapsed,
      boolean isReachable,
      int sessions,
      int connections,
      int opens,
      int lockedFiles,
      int delegations) {}

  /** An owner's open of a file. */
  record Open(long clientId, String owner, Inode file, ShareReservation share) {}

  /**
   * A delegation of a file.
   *
   * @param isRevoked whether it has ended, and its client has not said that it knows
   */
  record Delegated(long clientId, Inode file, DelegationKind kind, boolean isRevoked) {}

  /** A door without clients. */
  LeasedClients NONE =
      new LeasedClients() {
        @Override
        public List<Client> clients() {
          return List.of();
        }

        @Override
        public List<Open> opens() {
          return List.of();
        }

        @Override
        public List<Delegated> delegations() {
          return List.of();
        }

        @Override
        public int forget(long id) {
          return -1;
        }
      };
}
