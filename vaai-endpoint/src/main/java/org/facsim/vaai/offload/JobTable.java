/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;

/**
 * The jobs by id, bounded: those under way, the last finished ones that hosts had to wait for, and
 * the last finished at once. The two are kept apart so that a storm of clones that are done when
 * they are answered does not push out what a host still polls for. Thread-safe.
 */
final class JobTable {
  /** Of jobs finished within their call, for hosts that ask all the same. */
  private static final int MAX_INSTANT = 16_384;

  /** Ids have the run above this bit and count below it. */
  private static final int COUNT_BITS = 40;

  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

  /** A file, on whatever volume. */
  private record FileKey(int volumeId, long fileId) {}

  private final int maxJobs;
  private final long start;

  // All guarded by this.
  private long count;
  private final Map<Long, CloneWork> underWay = new LinkedHashMap<>();
  private final Map<Long, CloneWork> waitedFor = new LinkedHashMap<>();
  private final Map<Long, CloneWork> instant = new LinkedHashMap<>();
  private final Map<FileKey, Long> lastByDestination;

  /**
   * @param start greater at each start of a durable array, 0 for one in memory: the upper part of
   *     ids, by which a job of an earlier run is known
   */
  JobTable(int maxJobs, long start) {
    this.maxJobs = maxJobs;
    this.start = start;
    int most = 2 * maxJobs + MAX_INSTANT;
    this.lastByDestination =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<FileKey, Long> eldest) {
            return size() > most;
          }
        };
  }

  /** An id of this run, or nothing if as many jobs as may be are under way. */
  synchronized OptionalLong takeId() {
    return underWay.size() >= maxJobs
        ? OptionalLong.empty()
        : OptionalLong.of(start << COUNT_BITS | (++count & COUNT_MASK));
  }

  synchronized void add(CloneWork job) {
    underWay.put(job.id(), job);
  }

  synchronized void isInto(CloneWork job, Inode destination) {
    FileKey key = new FileKey(destination.volume().id(), destination.fileId());
    lastByDestination.remove(key);
    lastByDestination.put(key, job.id());
  }

  /** The job has ended; it is remembered for a while. */
  synchronized void finished(CloneWork job, boolean atOnce) {
    underWay.remove(job.id());
    Map<Long, CloneWork> kept = atOnce ? instant : waitedFor;
    if (kept.size() >= (atOnce ? MAX_INSTANT : maxJobs)) {
      kept.remove(kept.keySet().iterator().next());
    }
    kept.put(job.id(), job);
  }

  synchronized Optional<CloneWork> find(long id) {
    for (Map<Long, CloneWork> jobs : List.of(underWay, waitedFor, instant)) {
      CloneWork job = jobs.get(id);
      if (job != null) {
        return Optional.of(job);
      }
    }
    return Optional.empty();
  }

  synchronized Optional<CloneWork> lastInto(FileHandle destination) {
    Long id = lastByDestination.get(new FileKey(destination.volumeId(), destination.fileId()));
    return id == null ? Optional.empty() : find(id);
  }

  /** Whether an id was, or may have been, given in an earlier run. */
  boolean isOfEarlierRun(long id) {
    long itsStart = id >>> COUNT_BITS;
    return itsStart >= 1 && itsStart < start && (id & COUNT_MASK) != 0;
  }

  synchronized List<CloneWork> unfinished() {
    return new ArrayList<>(underWay.values());
  }
}
