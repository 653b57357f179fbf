/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;

/**
 * The jobs by id, bounded: those under way, the last finished ones that hosts had to wait for, and
 * the last finished at once. The two are kept apart so that a storm of clones that are done when
 * they are answered does not push out what a host still polls for; and of each kind, the host that
 * has most loses its oldest one first. Thread-safe.
 */
final class JobTable {
  /** Of jobs finished within their call, for hosts that ask all the same. */
  private static final int MAX_INSTANT = 16_384;

  /** Ids have the run above this bit and count below it. */
  private static final int COUNT_BITS = 40;

  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

  /** A file, on whatever volume. */
  private record FileKey(int volumeId, long fileId) {}

  private final FairShare share;
  private final long start;
  private final long firstStart;

  // All guarded by this.
  private long count;
  private final Map<Long, CloneWork> underWay = new LinkedHashMap<>();
  private final Map<String, Integer> underWayByClient = new HashMap<>();
  private final FairMemory<Long, CloneWork> waitedFor;
  private final FairMemory<Long, CloneWork> instant = new FairMemory<>(MAX_INSTANT);
  private final Map<FileKey, Long> lastByDestination;

  /**
   * @param share of jobs under way; as many finished ones that hosts had to wait for are remembered
   * @param start greater in each run of the array: the upper part of ids, by which a job of an
   *     earlier run is known
   * @param firstStart the least that an earlier run may have had
   */
  JobTable(FairShare share, long start, long firstStart) {
    this.share = share;
    this.start = start;
    this.firstStart = firstStart;
    waitedFor = new FairMemory<>(share.most());
    int most = 2 * share.most() + MAX_INSTANT;
    this.lastByDestination =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<FileKey, Long> eldest) {
            return size() > most;
          }
        };
  }

  /**
   * An id of this run.
   *
   * @throws OffloadFailure TOO_MANY_CLONES if as many jobs as may be are under way
   */
  synchronized long takeId(String client) {
    int own = underWayByClient.getOrDefault(client, 0);
    if (!share.admits(underWay.size(), own)) {
      throw new OffloadFailure(
          OffloadError.TOO_MANY_CLONES,
          own >= share.mostPerClient()
              ? own + " clones of this client are under way"
              : underWay.size() + " clones are under way on the array");
    }
    return start << COUNT_BITS | (++count & COUNT_MASK);
  }

  synchronized void add(CloneWork job) {
    underWay.put(job.id(), job);
    underWayByClient.merge(job.client(), 1, Integer::sum);
  }

  synchronized void isInto(CloneWork job, Inode destination) {
    FileKey key = new FileKey(destination.volume().id(), destination.fileId());
    lastByDestination.remove(key);
    lastByDestination.put(key, job.id());
  }

  /** The job has ended; it is remembered for a while. */
  synchronized void finished(CloneWork job, boolean atOnce) {
    if (underWay.remove(job.id()) != null) {
      underWayByClient.computeIfPresent(job.client(), (client, own) -> own == 1 ? null : own - 1);
    }
    (atOnce ? instant : waitedFor).put(job.client(), job.id(), job);
  }

  synchronized Optional<CloneWork> find(long id) {
    CloneWork job = underWay.get(id);
    if (job == null) {
      job = waitedFor.get(id);
    }
    return Optional.ofNullable(job == null ? instant.get(id) : job);
  }

  synchronized Optional<CloneWork> lastInto(FileHandle destination) {
    Long id = lastByDestination.get(new FileKey(destination.volumeId(), destination.fileId()));
    return id == null ? Optional.empty() : find(id);
  }

  /** Whether an id was, or may have been, given in an earlier run. */
  boolean isOfEarlierRun(long id) {
    long itsStart = id >>> COUNT_BITS;
    return itsStart >= firstStart && itsStart < start && (id & COUNT_MASK) != 0;
  }

  /** Those under way, then those that ended and that hosts had to wait for. */
  synchronized List<CloneWork> listed() {
    List<CloneWork> jobs = unfinished();
    jobs.addAll(waitedFor.values());
    return jobs;
  }

  synchronized List<CloneWork> unfinished() {
    return new ArrayList<>(underWay.values());
  }
}
