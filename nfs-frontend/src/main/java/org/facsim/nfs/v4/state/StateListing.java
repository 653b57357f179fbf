/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.facsim.services.control.LeasedClients;

/** Clients, opens and delegations, for an administrator. */
final class StateListing implements LeasedClients {
  private final Nfs4State state;

  StateListing(Nfs4State state) {
    this.state = state;
  }

  @Override
  public List<Client> clients() {
    List<Client4> known = new ArrayList<>();
    List<Client> clients = new ArrayList<>();
    synchronized (state) {
      for (Client4 client : state.clients().all()) {
        if (client.isConfirmed) {
          known.add(client);
        }
      }
      known.forEach(client -> clients.add(of(client)));
    }
    return clients;
  }

  private Client of(Client4 client) {
    int opens = 0;
    int lockedFiles = 0;
    int delegations = 0;
    for (State4 each : client.states()) {
      if (each instanceof OpenState) {
        opens++;
      } else if (each instanceof LockState lock) {
        lockedFiles += state.holdings().locks().isHeldBy(lock.file(), lock.owner().key()) ? 1 : 0;
      } else {
        delegations++;
      }
    }
    int connections = 0;
    for (Session4 session : client.sessions()) {
      connections += session.connectionCount();
    }
    return new Client(
        client.id(),
        client.name().owner().toString(),
        client.address(),
        client.hasSessions(),
        Duration.ofNanos(Math.max(0, client.silentNanos(state.nanos()))),
        state.isLapsed(client),
        client.path.isUp(),
        client.sessions().size(),
        connections,
        opens,
        lockedFiles,
        delegations);
  }

  @Override
  public List<Open> opens() {
    return all(
        each ->
            each instanceof OpenState open
                ? new Open(
                    open.client().id(), open.owner().name().toString(), open.file(), open.share())
                : null);
  }

  @Override
  public List<Delegated> delegations() {
    return all(
        each ->
            each instanceof DelegationState delegation
                ? new Delegated(
                    delegation.client().id(),
                    delegation.file(),
                    delegation.kind(),
                    delegation.isRevoked())
                : null);
  }

  private <T> List<T> all(Function<State4, T> orNull) {
    List<T> all = new ArrayList<>();
    synchronized (state) {
      for (Client4 client : state.clients().all()) {
        for (State4 each : client.states()) {
          T one = orNull.apply(each);
          if (one != null) {
            all.add(one);
          }
        }
      }
    }
    return all;
  }

  @Override
  public int forget(long id) {
    synchronized (state) {
      Client4 client = state.clients().find(id);
      if (client == null) {
        return -1;
      }
      long files = client.states().stream().map(State4::file).distinct().count();
      state.destroy(client);
      return (int) files;
    }
  }
}
