/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through all clients some times in a lease, and forgets what is due: clients that did not
 * confirm in time, clients that held nothing when their lease ran out, and those that hold what an
 * NLM host waits for; states on files that are gone; owners that have nothing open. Sessions that
 * got few slots while memory was short get more.
 */
final class LeaseSweep {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseSweep.class);

  /** How long a silent client that holds something is kept if nobody wants it. */
  private static final Duration COURTESY = Duration.ofDays(1);

  /** How many sweeps there are in one lease. */
  private static final int SWEEPS_PER_LEASE = 8;

  private final Nfs4State state;
  private final Duration pause;
  private final long leaseNanos;

  LeaseSweep(Nfs4State state) {
    this.state = state;
    pause = state.lease().dividedBy(SWEEPS_PER_LEASE);
    leaseNanos = state.lease().toNanos();
  }

  void start() {
    state.later().after(pause, this::sweep);
  }

  private void sweep() {
    if (state.isClosed()) {
      return;
    }
    try {
      state.grace().isRunning(); // notices its end
      synchronized (state) {
        sweepOnce();
      }
    } catch (RuntimeException e) {
      LOG.error("clients of NFSv4 could not be looked through", e);
    }
    start();
  }

  private void sweepOnce() {
    long now = state.nanos();
    for (Client4 client : state.clients().overdue(now, leaseNanos)) {
      state.destroy(client);
    }
    for (Client4 client : List.copyOf(state.clients().all())) {
      if (client.isConfirmed) {
        sweep(client, now);
      }
    }
  }

  private void sweep(Client4 client, long now) {
    dropGone(client);
    long silent = client.silentNanos(now);
    if (silent <= leaseNanos) {
      client.sessions().forEach(state.sessions()::growSlots);
      OpenOperations.forgetIdleOwners(state, client, now - leaseNanos);
      forgetIdleRecord(client, now);
    } else if (client.isIdle()) {
      state.expire(client, "it held nothing");
    } else if (silent > COURTESY.toNanos()) {
      state.expire(client, "nothing was heard of it for a day");
    } else if (state.holdings().locks().isAwaited(client)) {
      state.expire(client, "another client waits for its lock");
    }
  }

  /** States on files that are gone: no client can give them up any more. */
  private void dropGone(Client4 client) {
    List<State4> gone = new ArrayList<>();
    for (State4 each : client.states()) {
      if (each.file().isGone() || each.file().volume().isDeleted()) {
        gone.add(each);
      }
    }
    gone.forEach(state::end);
  }

  /** A client that has held nothing for a lease has nothing to reclaim. */
  private void forgetIdleRecord(Client4 client, long now) {
    if (!client.isIdle()) {
      client.idleSinceNanos = 0;
    } else if (client.record != null) {
      if (client.idleSinceNanos == 0) {
        client.idleSinceNanos = now | 1;
      } else if (now - client.idleSinceNanos > leaseNanos) {
        state.records().remove(Claimant.of(client));
        client.record = null;
      }
    }
  }
}
