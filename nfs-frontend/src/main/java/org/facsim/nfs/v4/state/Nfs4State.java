/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.services.control.LeasedClients;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.Grace;
import org.facsim.services.state.Holdings;
import org.facsim.services.state.Later;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clients of NFSv4, and what they hold, as far as one run of an array knows.
 *
 * <p><b>Leases.</b> A client that is silent for longer than its lease keeps everything until
 * somebody else wants it; then the client is forgotten at once, with all that it held. A client
 * that held nothing is forgotten when its lease has run out, and one that held something after a
 * day.
 *
 * <p><b>Restart.</b> A restart forgets clients, sessions and states. The client ids of an earlier
 * run are known by their upper half. Which clients may reclaim is on stable storage before they
 * hold anything ({@link ClientRecords}).
 *
 * <p>Bounded by {@link StateLimits}. Thread-safe; see the package about monitors.
 */
public final class Nfs4State implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Nfs4State.class);

  /** What an owner takes besides its name, and the answer that its sequence remembers. */
  private static final int OWNER_BYTES = 384;

  private final StateOptions options;
  private final Holdings holdings;
  private final Grace grace;
  private final Later later;
  private final long leaseNanos;
  private final ClientRecords records;
  private final ClientTable clients;
  private final SessionTable sessions;
  private final Numbered<State4> states = new Numbered<>(Numbered.MAX_ITEMS);
  private final LockNotices notices;
  private final Recalls recalls;
  private final CallbackAddress.Connector connector;
  private long ownerBytes;

  /** How often a named state was restored in this run: what was answered before is not true now. */
  private final AtomicInteger era = new AtomicInteger();

  private volatile boolean closed;

  /**
   * Begins a run.
   *
   * @param holdings what clients hold, shared with the other doors
   * @param grace the grace period of all doors
   * @param later runs tasks of this object, and ends them with the run
   * @param connector calls clients of minor version 0
   * @param earlier what the run before this one leaves; null for the first one. An array with a
   *     file of records reads that instead
   */
  public Nfs4State(
      StateOptions options,
      Holdings holdings,
      Grace grace,
      Later later,
      CallbackAddress.Connector connector,
      Earlier earlier) {
    this.options = Objects.requireNonNull(options);
    this.holdings = Objects.requireNonNull(holdings);
    this.grace = Objects.requireNonNull(grace);
    this.later = Objects.requireNonNull(later);
    this.connector = Objects.requireNonNull(connector);
    leaseNanos = options.lease().toNanos();
    clients = new ClientTable(options.instance(), options.limits().clients());
    sessions = new SessionTable(options.limits());
    notices = new LockNotices(this);
    recalls = new Recalls(this);
    records =
        options.records() == null
            ? ClientRecords.inMemory(earlier == null ? Set.of() : earlier.names)
            : ClientRecords.open(options.records());
    grace.begin(records.earlier(), options.lease());
    grace.whenOver(records::graceIsOver);
    new LeaseSweep(this).start();
  }

  /** What a run leaves to the next one of an array in memory: who may reclaim. */
  public static final class Earlier {
    private final Set<Claimant> names;

    private Earlier(Set<Claimant> names) {
      this.names = Set.copyOf(names);
    }
  }

  /** For the run that comes after this one. */
  public synchronized Earlier leave() {
    Set<Claimant> names = new HashSet<>(grace.isRunning() ? records.earlier() : Set.of());
    for (Client4 client : clients.all()) {
      if (!client.isIdle()) {
        names.add(Claimant.of(client));
      }
    }
    return new Earlier(names);
  }

  // ---------------------------------------------------------------- parts

  StateOptions options() {
    return options;
  }

  StateLimits limits() {
    return options.limits();
  }

  Holdings holdings() {
    return holdings;
  }

  Grace grace() {
    return grace;
  }

  Later later() {
    return later;
  }

  ClientTable clients() {
    return clients;
  }

  Numbered<State4> states() {
    return states;
  }

  ClientRecords records() {
    return records;
  }

  Recalls recalls() {
    return recalls;
  }

  LockNotices notices() {
    return notices;
  }

  CallbackAddress.Connector connector() {
    return connector;
  }

  /** The lease of clients. */
  public Duration lease() {
    return options.lease();
  }

  boolean isClosed() {
    return closed;
  }

  long nanos() {
    return options.nanoClock().getAsLong();
  }

  /** Who holds what, for an administrator. */
  public LeasedClients leasedClients() {
    return new StateListing(this);
  }

  // ---------------------------------------------------------------- leases

  /** Whether a client was silent for longer than its lease. */
  boolean isLapsed(Client4 client) {
    return client.silentNanos(nanos()) > leaseNanos;
  }

  /** See {@link Client4#giveWay}. */
  boolean expireIfLapsed(Client4 client) {
    if (!isLapsed(client)) {
      return false;
    }
    synchronized (this) {
      if (client.isGone()) {
        return holdings.isIdle(client);
      }
      if (!isLapsed(client)) {
        return false;
      }
      expire(client, "another client wants what it holds");
      return true;
    }
  }

  /** Forgets a client whose lease has run out; in the monitor. */
  void expire(Client4 client, String why) {
    LOG.info("the lease of {} has run out, and {}", client, why);
    destroy(client);
  }

  /** Forgets a client with everything that it holds; in the monitor. */
  void destroy(Client4 client) {
    List.copyOf(client.sessions()).forEach(sessions::remove);
    boolean replaced = !client.isConfirmed;
    clients.remove(client);
    for (State4 state : List.copyOf(client.states())) {
      end(state);
    }
    client.openOwners().values().forEach(owner -> OpenOperations.dropClosed(this, owner));
    client.forgetOwners();
    // nothing may stay behind, for example a lock that waits
    holdings.release(owner -> owner.client() == client);
    notices.forget(client);
    if (client.callback != null) {
      client.callback.close();
    }
    if (!replaced) {
      records.remove(Claimant.of(client));
    }
  }

  // ---------------------------------------------------------------- what is remembered of calls

  /**
   * Forgets the answers of all calls, because a named state is being restored. Takes no monitor:
   * all volumes are locked now.
   */
  public void forgetCalls() {
    era.incrementAndGet();
  }

  /** Tells answers from before a restore from those after it. */
  int era() {
    return era.get();
  }

  // ---------------------------------------------------------------- owners

  private static long bytesOf(Bytes owner) {
    return OWNER_BYTES + 2L * owner.length();
  }

  /**
   * A client is about to have one owner more; in the monitor.
   *
   * @param owners how many it has
   * @throws Nfs4Exception DELAY, or RESOURCE in minor version 0, if there are too many
   */
  void requireOwner(Client4 client, int owners, Bytes name) {
    if (owners >= limits().ownersPerClient()
        || ownerBytes + bytesOf(name) > limits().ownerMemoryBytes()) {
      throw new Nfs4Exception(
          client.hasSessions() ? Nfs4Status.DELAY : Nfs4Status.RESOURCE, "too many owners");
    }
  }

  /** An owner came, or went if the sign is negative; in the monitor. */
  void countOwner(Bytes name, int sign) {
    ownerBytes += sign * bytesOf(name);
  }

  // ---------------------------------------------------------------- sessions

  /** The sessions of all clients. */
  SessionTable sessions() {
    return sessions;
  }

  /** A copy of the sessions that a client has. */
  synchronized List<Session4> sessionsOf(Client4 client) {
    return List.copyOf(client.sessions());
  }

  // ---------------------------------------------------------------- states

  /**
   * The number of a new state of a client; in the monitor.
   *
   * @throws Nfs4Exception RESOURCE (minor version 0) or DELAY if the client has as many as it may
   */
  int newStateNumber(Client4 client) {
    if (client.states().size() >= limits().statesPerClient() || states.isFull()) {
      throw new Nfs4Exception(
          client.hasSessions() ? Nfs4Status.DELAY : Nfs4Status.RESOURCE, "too many states");
    }
    return states.take();
  }

  /** In the monitor. */
  void add(State4 state) {
    states.put(state.number(), state);
    state.client().states().add(state);
  }

  /** Ends an open, whose stateid stays known until its owner's next request; in the monitor. */
  void endButRemember(OpenState open) {
    open.close();
    end(open, false);
  }

  /** Ends a state with what it stands for in the shared tables; in the monitor. */
  void end(State4 state) {
    end(state, true);
  }

  private void end(State4 state, boolean forgets) {
    if (!state.client().states().remove(state)) {
      return;
    }
    if (forgets) {
      states.remove(state.number());
    }
    if (state instanceof OpenState open) {
      List.copyOf(open.locks()).forEach(this::end);
      open.owner().opens().remove(open.file());
      holdings.opens().close(open.file(), open.owner().key());
      OpenOperations.forgetIfUnused(open.owner());
    } else if (state instanceof LockState lock) {
      holdings.locks().unlock(lock.file(), lock.owner().key(), ByteRange.WHOLE);
      lock.open().remove(lock);
      lock.owner().locks().remove(lock.file());
      if (lock.owner().locks().isEmpty() && lock.client().hasSessions()) {
        lock.client().remove(lock.owner());
      }
    } else if (state instanceof DelegationState delegated) {
      delegated.end();
      if (delegated.isCounted) {
        delegated.isCounted = false;
        delegated.client().revoked.decrementAndGet();
      } else if (delegated.delegation() != null) {
        holdings.delegations().giveBack(delegated.delegation());
      }
    }
  }

  /**
   * The state of a stateid that an operation brings; takes no monitor.
   *
   * @throws Nfs4Exception BAD_STATEID, OLD_STATEID, STALE_STATEID, EXPIRED, DELEG_REVOKED
   */
  State4 find(Compound compound, Stateid4 stateid) {
    State4 state = lookup(compound, stateid);
    Nfs4Status refusal = state.refusal();
    if (refusal != null) {
      throw new Nfs4Exception(refusal);
    }
    requireVersion(state, stateid, compound.minorVersion());
    if (compound.minorVersion() == 0) {
      state.client().renew(nanos());
      compound.actsFor(state.client());
    }
    return state;
  }

  /** The same, whatever version of the state the stateid names, and even if it was revoked. */
  State4 lookup(Compound compound, Stateid4 stateid) {
    State4 state = states.at(stateid.otherLow());
    boolean isFound =
        state != null
            && state.number() == stateid.otherLow()
            && state.client().id() == stateid.otherHigh()
            && !state.client().isGone();
    if (!isFound || isOfAnother(compound, state.client())) {
      throw new Nfs4Exception(unknown(compound, stateid));
    }
    return state;
  }

  private static boolean isOfAnother(Compound compound, Client4 client) {
    return compound.minorVersion() == 0 ? client.hasSessions() : compound.lockClient() != client;
  }

  private Nfs4Status unknown(Compound compound, Stateid4 stateid) {
    if (compound.minorVersion() > 0 || stateid.isSpecial()) {
      return Nfs4Status.BAD_STATEID;
    }
    if (!clients.isOfThisRun(stateid.otherHigh())) {
      return Nfs4Status.STALE_STATEID;
    }
    synchronized (this) {
      return clients.find(stateid.otherHigh()) == null
          ? Nfs4Status.EXPIRED
          : Nfs4Status.BAD_STATEID;
    }
  }

  /** Whether a stateid names the current version of its state. */
  static void requireVersion(State4 state, Stateid4 stateid, int minorVersion) {
    if (stateid.seqid() == 0 && minorVersion > 0) {
      return;
    }
    int ahead = stateid.seqid() - state.seqid();
    if (ahead != 0) {
      throw new Nfs4Exception(ahead < 0 ? Nfs4Status.OLD_STATEID : Nfs4Status.BAD_STATEID);
    }
  }

  /** Ends the run: what is on stable storage then is who holds something now. */
  @Override
  public void close() {
    closed = true;
    Set<Claimant> holding;
    synchronized (this) {
      holding = leave().names;
      clients
          .all()
          .forEach(
              client -> {
                if (client.callback != null) {
                  client.callback.close();
                }
              });
    }
    records.close(holding);
  }
}
