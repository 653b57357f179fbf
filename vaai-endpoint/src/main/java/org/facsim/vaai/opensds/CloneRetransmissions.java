/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.CallOrigins;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.state.AtMostOnce;

/**
 * At most once for clones, however busy NFS is meanwhile.
 *
 * <p>This wire has no request id, and the duplicate request cache in front is shared with NFS: a
 * storm of CREATEs pushes a clone's answer out before a host whose connection was cut is back. So a
 * clone is known here, too, by the host's address, its user, the xid and all of its arguments: the
 * same call within {@value #BELIEVED_SECONDS} seconds is a retransmission, from whichever port it
 * comes, and gets the answer of the first. A guarded clone is not told that what it made itself
 * exists. But two clients at one address may send equal calls; so a call from another connection is
 * a retransmission only if the connection of the first is gone ({@link CallOrigin}).
 *
 * <p>What ended badly has changed nothing and is run again; so is a clone whose destination is gone
 * since, for then the host must have heard of it: it removed it. Bounded by {@value #MAX_CLONES}
 * and by bytes; the host that has most is forgotten first, its oldest before the others.
 * Thread-safe.
 *
 * <p>All is forgotten when the array is restored to a named state, because that undoes the clones;
 * one that runs meanwhile is answered and not remembered.
 *
 * <p>Known flaw: the memory ends with the array's run.
 */
final class CloneRetransmissions {
  static final int MAX_CLONES = 1024;
  static final long BELIEVED_SECONDS = 120;

  /** Equal clones of so many connections of one host are told apart. */
  private static final int MAX_EQUAL = 16;

  private static final long BELIEVED_NANOS = BELIEVED_SECONDS * 1_000_000_000;

  /** Most requests are a part of the largest; as many of the largest are remembered as fit. */
  private static final long MAX_BYTES = 1 << 20;

  /** What a key takes without the request in it. */
  private static final int KEY_BYTES = 256;

  /** What makes two calls the same. */
  record Key(String client, long uid, int xid, OpenSdsCall call) {}

  /** A connection, as far as it tells a retransmission from an equal call. */
  private record From(CallOrigin connection, CallOrigins origins) implements AtMostOnce.Origin {
    @Override
    public long id() {
      return connection.id();
    }

    @Override
    public boolean mayRepeat(long earlierId) {
      return origins.mayBeRepeated(earlierId, connection);
    }
  }

  private final CallOrigins origins = new CallOrigins();
  private final AtMostOnce<Key, JobSnapshot> clones;

  /**
   * @param isThere whether a job's destination still is; must not block
   */
  CloneRetransmissions(LongSupplier nanoTime, Predicate<JobSnapshot> isThere) {
    clones =
        new AtMostOnce<>(
            new AtMostOnce.Limits(MAX_CLONES, MAX_BYTES, MAX_EQUAL, BELIEVED_NANOS, true),
            nanoTime,
            new AtMostOnce.Rules<>() {
              @Override
              public int bytesOf(Key key) {
                return KEY_BYTES + key.call().request().lengthBytes();
              }

              @Override
              public boolean isTrue(JobSnapshot job, Throwable failure) {
                return failure == null && isThere.test(job);
              }
            });
  }

  /**
   * Runs a clone unless it ran, or runs.
   *
   * @param origin where this call comes from
   * @param execution may throw what a refusal throws
   * @return the answer of the one execution
   */
  CompletableFuture<JobSnapshot> once(
      Key key, CallOrigin origin, Supplier<CompletableFuture<JobSnapshot>> execution) {
    origins.note(origin);
    return clones.once(key.client(), key, new From(origin, origins), execution);
  }

  /** Forgets every clone; one that runs is answered and not remembered. */
  void forgetAll() {
    clones.forgetAll();
  }

  int size() {
    return clones.size();
  }
}
