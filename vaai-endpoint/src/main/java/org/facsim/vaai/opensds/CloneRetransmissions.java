/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.rpc.CallOrigins;
import org.facsim.services.offload.FairMemory;
import org.facsim.services.offload.JobSnapshot;

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
 * since, for then the host must have heard of it: it removed it. Bounded by {@value #MAX_CLONES};
 * the host that has most is forgotten first, its oldest before the others. Thread-safe.
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

  /** What makes two calls the same. */
  record Key(String client, long uid, int xid, OpenSdsCall call) {}

  /** A clone, with where it was asked for. */
  private record Entry(CompletableFuture<JobSnapshot> answer, long sinceNanos, long originId) {}

  private final LongSupplier nanoTime;
  private final Predicate<JobSnapshot> isThere;
  private final CallOrigins origins = new CallOrigins();

  // Guarded by this; never held while a clone runs.
  private final FairMemory<Key, List<Entry>> entries = new FairMemory<>(MAX_CLONES);

  /**
   * @param isThere whether a job's destination still is; must not block
   */
  CloneRetransmissions(LongSupplier nanoTime, Predicate<JobSnapshot> isThere) {
    this.nanoTime = nanoTime;
    this.isThere = isThere;
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
    CompletableFuture<JobSnapshot> mine = new CompletableFuture<>();
    origins.note(origin);
    CompletableFuture<JobSnapshot> earlier =
        enter(key, new Entry(mine, nanoTime.getAsLong(), origin.id()), origin);
    if (earlier != null) {
      return earlier;
    }
    try {
      var unused =
          execution
              .get()
              .whenComplete(
                  (job, failure) -> {
                    if (failure == null) {
                      mine.complete(job);
                    } else {
                      mine.completeExceptionally(failure);
                    }
                  });
    } catch (RuntimeException | Error refused) { // nor may whoever sends it again wait for ever
      mine.completeExceptionally(refused);
    }
    return mine;
  }

  private synchronized CompletableFuture<JobSnapshot> enter(
      Key key, Entry mine, CallOrigin origin) {
    List<Entry> kept = new ArrayList<>();
    List<Entry> equal = entries.get(key);
    for (Entry earlier : equal == null ? List.<Entry>of() : equal) {
      if (isBelieved(earlier, mine.sinceNanos)) {
        if (origins.mayBeRepeated(earlier.originId, origin)) {
          return earlier.answer;
        }
        kept.add(earlier);
      }
    }
    if (kept.size() == MAX_EQUAL) {
      kept.remove(0);
    }
    kept.add(mine);
    entries.put(key.client(), key, kept);
    return null;
  }

  /** Forgets every clone; one that runs is answered and not remembered. */
  synchronized void forgetAll() {
    entries.clear();
  }

  private boolean isBelieved(Entry earlier, long nowNanos) {
    if (nowNanos - earlier.sinceNanos > BELIEVED_NANOS) {
      return false;
    }
    if (!earlier.answer.isDone()) {
      return true;
    }
    return !earlier.answer.isCompletedExceptionally() && isThere.test(earlier.answer.join());
  }

  synchronized int size() {
    return entries.size();
  }
}
