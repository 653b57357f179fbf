/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.vaai.CloneJob;

/**
 * At most once for clones, however busy NFS is meanwhile.
 *
 * <p>This wire has no request id, and the duplicate request cache in front is shared with NFS: a
 * storm of CREATEs pushes a clone's answer out before a host whose connection was cut is back. So a
 * clone is known here, too, by the host's address, its user, the xid and all of its arguments: the
 * same call within {@value #BELIEVED_SECONDS} seconds is a retransmission, from whichever port it
 * comes, and gets the answer of the first. A guarded clone is not told that what it made itself
 * exists.
 *
 * <p>What ended badly has changed nothing and is run again; so is a clone whose destination is gone
 * since, for then the host must have heard of it: it removed it. Bounded by {@value #MAX_CLONES},
 * oldest out first. Thread-safe.
 *
 * <p>Known flaw: the memory ends with the array's run.
 */
final class CloneRetransmissions {
  static final int MAX_CLONES = 1024;
  static final long BELIEVED_SECONDS = 120;

  private static final long BELIEVED_NANOS = BELIEVED_SECONDS * 1_000_000_000;

  /** What makes two calls the same. */
  record Key(String client, long uid, int xid, OpenSdsCall call) {}

  private record Entry(CompletableFuture<CloneJob> answer, long sinceNanos) {}

  private final LongSupplier nanoTime;
  private final Predicate<CloneJob> isThere;

  // Guarded by this; never held while a clone runs.
  private final Map<Key, Entry> entries =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Entry> eldest) {
          return size() > MAX_CLONES;
        }
      };

  /**
   * @param isThere whether a job's destination still is; must not block
   */
  CloneRetransmissions(LongSupplier nanoTime, Predicate<CloneJob> isThere) {
    this.nanoTime = nanoTime;
    this.isThere = isThere;
  }

  /**
   * Runs a clone unless it ran, or runs.
   *
   * @param execution may throw what a refusal throws
   * @return the answer of the one execution
   */
  CompletableFuture<CloneJob> once(Key key, Supplier<CompletableFuture<CloneJob>> execution) {
    CompletableFuture<CloneJob> mine = new CompletableFuture<>();
    CompletableFuture<CloneJob> earlier = enter(key, new Entry(mine, nanoTime.getAsLong()));
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
    } catch (RuntimeException refused) {
      mine.completeExceptionally(refused);
    }
    return mine;
  }

  private synchronized CompletableFuture<CloneJob> enter(Key key, Entry mine) {
    Entry earlier = entries.get(key);
    if (earlier != null && isBelieved(earlier, mine.sinceNanos)) {
      return earlier.answer;
    }
    entries.remove(key);
    entries.put(key, mine);
    return null;
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
