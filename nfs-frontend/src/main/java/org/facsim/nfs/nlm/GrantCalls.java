/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.facsim.array.Inode;
import org.facsim.protocol.nlm.NetObject;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmClient;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nlm.NlmTestArgs;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcEventLoops;
import org.facsim.protocol.rpc.RpcException;
import org.facsim.protocol.rpc.RpcFailure;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.HeldLock;
import org.facsim.services.state.LockOwner;
import org.facsim.services.state.LockTable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells clients that they have a lock for which they waited: calls GRANTED at the client's own lock
 * manager until it answers.
 *
 * <p>The lock is held before the first call is made, so no other client gets it meanwhile. A grant
 * is settled, and the calls end, when the client
 *
 * <ul>
 *   <li>answers GRANTED, by the reply or as GRANTED_RES;
 *   <li>asks for the same lock again, as clients that poll do: the answer tells that it has the
 *       lock;
 *   <li>answers that it does not want the lock, or gives it up: the lock is then free again.
 * </ul>
 *
 * <p>A client that could not be reached at all for {@value #UNREACHABLE_SECONDS} seconds has not
 * polled either. It is considered gone, and the lock is free again. But once a call may have
 * arrived, the client may believe that it holds the lock. The lock then stays with it until one of
 * the events that {@link NlmHosts} names, whatever its later answers say: clients that accepted the
 * first GRANTED deny a repeated one.
 */
final class GrantCalls {
  static final int UNREACHABLE_SECONDS = 75;

  private static final Logger LOG = LoggerFactory.getLogger(GrantCalls.class);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /** How often a client is called at most; with the pauses in between, for half an hour. */
  private static final int MAX_ATTEMPTS = 180;

  private final LockTable table;
  private final RemotePrograms remote;
  private final RpcEventLoops loops;
  private final LongSupplier nanoClock;
  private final Duration firstPause;
  private final AtomicLong lastCookie;
  private final Map<Long, Grant> byCookie = new HashMap<>();

  GrantCalls(
      LockTable table,
      RemotePrograms remote,
      RpcEventLoops loops,
      LongSupplier nanoClock,
      Duration firstPause) {
    this.table = table;
    this.remote = remote;
    this.loops = loops;
    this.nanoClock = nanoClock;
    this.firstPause = firstPause;
    lastCookie = new AtomicLong(nanoClock.getAsLong());
  }

  /** A lock of which a client must be told. Its mutable part is used by one attempt at a time. */
  private static final class Grant {
    final long cookie;
    final NlmHost host;
    final InetAddress server;
    final boolean exclusive;
    final NlmLock lock;
    final HeldLock held;
    final long startNanos;
    int attempts;
    volatile boolean mayHaveArrived;

    Grant(
        long cookie,
        NlmHost host,
        InetAddress server,
        boolean exclusive,
        NlmLock lock,
        HeldLock held,
        long startNanos) {
      this.cookie = cookie;
      this.host = host;
      this.server = server;
      this.exclusive = exclusive;
      this.lock = lock;
      this.held = held;
      this.startNanos = startNanos;
    }

    NlmTestArgs args() {
      byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(cookie).array();
      return new NlmTestArgs(NetObject.of(bytes), exclusive, lock);
    }
  }

  /**
   * The lock table has given a lock to a client that waited for it.
   *
   * @param server the local address at which the client asked for it; null if unknown. Clients
   *     accept no grant from another address
   */
  void granted(NlmHost host, InetAddress server, boolean exclusive, NlmLock lock, HeldLock held) {
    long cookie = lastCookie.incrementAndGet();
    Grant grant = new Grant(cookie, host, server, exclusive, lock, held, nanoClock.getAsLong());
    synchronized (this) {
      byCookie.put(grant.cookie, grant);
    }
    attempt(grant);
  }

  private void attempt(Grant grant) {
    if (!isPending(grant)) {
      return;
    }
    grant.attempts++;
    var unused =
        remote
            .call(
                grant.host.address(),
                grant.server,
                Nlm.PROGRAM,
                Nlm.VERSION,
                client -> call(client, grant))
            .whenComplete((result, failure) -> answered(grant, result, failure));
  }

  /** Makes the call, unless the client has learnt of the lock while the connection was made. */
  private CompletableFuture<NlmResult> call(RpcClient client, Grant grant) {
    NlmTestArgs args = grant.args();
    return isPending(grant)
        ? new NlmClient(client).granted(args)
        : CompletableFuture.completedFuture(new NlmResult(args.cookie(), NlmStatus.GRANTED));
  }

  private void answered(Grant grant, NlmResult result, Throwable failure) {
    if (failure == null) {
      settle(grant, result.status());
      if (result.status() == NlmStatus.DENIED_GRACE_PERIOD) {
        callAgain(grant);
      }
      return;
    }
    boolean neverSent =
        cause(failure) instanceof RpcException rpc
            && (rpc.failure() == RpcFailure.CONNECT_FAILED
                || rpc.failure() == RpcFailure.TOO_MANY_CALLS);
    grant.mayHaveArrived |= !neverSent;
    long waitedNanos = nanoClock.getAsLong() - grant.startNanos;
    if (!grant.mayHaveArrived && waitedNanos >= UNREACHABLE_SECONDS * 1_000_000_000L) {
      LOG.warn("{} waits for a lock and cannot be reached: {}", grant.host, failure.toString());
      giveBack(grant);
    } else {
      callAgain(grant);
    }
  }

  /**
   * Schedules another attempt. Only the end of an attempt does so, so that there is one at a time.
   */
  private void callAgain(Grant grant) {
    if (grant.attempts >= MAX_ATTEMPTS) {
      LOG.warn("{} was granted a lock and does not take it", grant.host);
      forget(grant);
    } else {
      retryLater(grant);
    }
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  private void retryLater(Grant grant) {
    Duration pause = firstPause.multipliedBy(1L << Math.min(grant.attempts - 1, 16));
    loops.schedule(
        () -> attempt(grant), pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
  }

  private void settle(Grant grant, NlmStatus status) {
    switch (status) {
      case GRANTED -> forget(grant);
      case DENIED_GRACE_PERIOD -> {} // not yet: it is called again
      case DENIED, DENIED_NOLOCKS, BLOCKED, DEADLCK, ROFS, STALE_FH, FBIG, FAILED -> {
        if (grant.mayHaveArrived) {
          forget(grant);
        } else {
          giveBack(grant);
        }
      }
    }
  }

  /** GRANTED_RES: the answer in a message of its own. */
  void answered(NlmHost from, NetObject cookie, NlmStatus status) {
    if (cookie.lengthBytes() != Long.BYTES) {
      return;
    }
    Grant grant;
    synchronized (this) {
      grant = byCookie.get(ByteBuffer.wrap(cookie.toBytes()).getLong());
    }
    if (grant != null && grant.host.address().equals(from.address())) {
      settle(grant, status);
    }
  }

  /**
   * Ends the calls for a range: the client knows of the lock, or no longer wants it.
   *
   * @return whether the client was still to be told of a lock in this range
   */
  synchronized boolean settle(Inode file, LockOwner owner, ByteRange range) {
    return byCookie
        .values()
        .removeIf(
            grant ->
                grant.held.file() == file
                    && grant.held.owner().equals(owner)
                    && range.firstByte() <= grant.held.range().firstByte()
                    && grant.held.range().lastByte() <= range.lastByte());
  }

  /** A host is gone. */
  synchronized void forget(NlmHost host) {
    byCookie.values().removeIf(grant -> grant.host.equals(host));
  }

  private synchronized void forget(Grant grant) {
    byCookie.remove(grant.cookie);
  }

  private synchronized boolean isPending(Grant grant) {
    return byCookie.containsKey(grant.cookie);
  }

  private void giveBack(Grant grant) {
    boolean pending;
    synchronized (this) {
      pending = byCookie.remove(grant.cookie) != null;
    }
    if (pending) {
      table.unlock(grant.held.file(), grant.held.owner(), grant.held.range());
    }
  }

  /** How many locks clients must still be told of. */
  synchronized int pending() {
    return byCookie.size();
  }
}
