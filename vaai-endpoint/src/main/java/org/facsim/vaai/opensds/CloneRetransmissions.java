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
import org.facsim.services.state.RememberedCall;

/**
 * At most once for clones, however busy NFS is meanwhile.
 *
 * <p>This wire has no request id, and the duplicate request cache in front is shared with NFS: many
 * CREATEs of a host push the answer to its clone out before it is back after a lost connection.
 * Therefore a clone is remembered here, too. The same host address, user, xid and arguments within
 * {@value #BELIEVED_SECONDS} seconds make a retransmission, from any port, which gets the answer of
 * the first. So a guarded clone does not fail because it made its destination itself. Two clients
 * at one address may send equal calls, so a call over another connection is a retransmission only
 * if the connection of the first is gone ({@link CallOrigin}).
 *
 * <p>A clone that failed has changed nothing and is executed again. So is a clone whose destination
 * is gone since, because the host must have got the answer before it removed the file. At most
 * {@value #MAX_CLONES} clones are remembered, bounded in bytes, too; the host that has most loses
 * its oldest one first. Thread-safe.
 *
 * <p>When the array is restored to a named state, all are forgotten, because that undoes the
 * clones; a clone that runs meanwhile is answered and not remembered.
 *
 * <p>Known flaw: the memory ends with the array's run.
 */
final class CloneRetransmissions {
  static final int MAX_CLONES = 1024;
  static final long BELIEVED_SECONDS = 120;

  /** The most connections of one host whose equal clones are told apart. */
  private static final int MAX_EQUAL = 16;

  private static final long BELIEVED_NANOS = BELIEVED_SECONDS * 1_000_000_000;

  /**
   * Most requests are far smaller than the largest one, of which only as many are remembered as
   * fit.
   */
  private static final long MAX_BYTES = 1 << 20;

  /** What a key takes without the request in it. */
  private static final int KEY_BYTES = 256;

  /** What makes two calls the same. */
  record Key(String client, long uid, int xid, OpenSdsCall call) {}

  /** A clone with the connection that it came over. */
  private static final class Clone extends RememberedCall<Clone, JobSnapshot> {
    private final Key key;
    private final long originId;
    private final CallOrigins origins;

    /** Null once the clone is entered, because it may keep a connection in memory. */
    private CallOrigin origin;

    Clone(Key key, CallOrigin origin, CallOrigins origins) {
      this.key = key;
      this.origin = origin;
      this.origins = origins;
      originId = origin.id();
    }

    int bytes() {
      return KEY_BYTES + key.call().request().lengthBytes();
    }

    @Override
    protected Object client() {
      return key.client();
    }

    @Override
    protected long originId() {
      return originId;
    }

    @Override
    protected boolean mayRepeat(long earlierOriginId) {
      return origins.mayBeRepeated(earlierOriginId, origin);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Clone clone && key.equals(clone.key);
    }

    @Override
    public int hashCode() {
      return key.hashCode();
    }
  }

  private final CallOrigins origins = new CallOrigins();
  private final AtMostOnce<Clone, JobSnapshot> clones;

  /**
   * @param isThere whether a job's destination still exists; must not block
   */
  CloneRetransmissions(LongSupplier nanoTime, Predicate<JobSnapshot> isThere) {
    clones =
        new AtMostOnce<>(
            new AtMostOnce.Limits(MAX_CLONES, MAX_BYTES, MAX_EQUAL, BELIEVED_NANOS, true),
            nanoTime,
            new AtMostOnce.Rules<Clone, JobSnapshot>() {
              @Override
              public int bytesOf(Clone clone) {
                return clone.bytes();
              }

              @Override
              public boolean isTrue(JobSnapshot job, Throwable failure) {
                return failure == null && isThere.test(job);
              }
            });
  }

  /**
   * Executes a clone unless it was executed, or is being executed.
   *
   * @param origin where this call comes from
   * @param execution may throw what a refusal throws
   * @return the answer of the one execution
   */
  CompletableFuture<JobSnapshot> once(
      Key key, CallOrigin origin, Supplier<CompletableFuture<JobSnapshot>> execution) {
    origins.note(origin);
    Clone mine = new Clone(key, origin, origins);
    try {
      return clones.once(mine, execution);
    } finally {
      mine.origin = null;
    }
  }

  /** Whether a clone was executed, or is being executed. */
  boolean remembers(Key key, CallOrigin origin) {
    return clones.remembers(new Clone(key, origin, origins));
  }

  /** Forgets every clone; one that runs is answered and not remembered. */
  void forgetAll() {
    clones.forgetAll();
  }

  int size() {
    return clones.size();
  }
}
