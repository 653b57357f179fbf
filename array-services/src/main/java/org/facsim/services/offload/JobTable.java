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
 * the last ones that finished within their call. The two kinds of finished jobs are kept apart, so
 * that many clones that end within their call do not push out jobs that a host still polls for.
 * Within each kind, the host that has most loses its oldest job first. Thread-safe.
 */
final class JobTable {
  /**
   * How many jobs are kept that finished within their call, because a host may ask for them all the
   * same.
   */
  private static final int MAX_INSTANT = 16_384;

  /** An id has the number of the run from this bit up, and a count below it. */
  private static final int COUNT_BITS = 40;

  private static final long COUNT_MASK = (1L << COUNT_BITS) - 1;

  /** A file of any volume. */
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
   * @param share bounds the jobs under way; the same number of finished ones that hosts had to wait
   *     for is remembered
   * @param start the upper part of ids, by which a job of an earlier run is recognized: greater in
   *     each run of the array
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
   * Makes an id of this run.
   *
   * @throws OffloadFailure TOO_MANY_CLONES if no more jobs may be under way
   */
  synchronized long takeId(String client) {
    var unused = requireShare(client);
    return start << COUNT_BITS | (++count & COUNT_MASK);
  }

  /**
   * Refuses a client's job beyond its share, or the array's.
   *
   * @return how many of the client are under way
   * @throws OffloadFailure TOO_MANY_CLONES
   */
  synchronized int requireShare(String client) {
    int own = underWayByClient.getOrDefault(client, 0);
    if (!share.admits(underWay.size(), own)) {
      throw new OffloadFailure(
          OffloadError.TOO_MANY_CLONES,
          own >= share.mostPerClient()
              ? own + " clones of this client are under way"
              : underWay.size() + " clones are under way on the array");
    }
    return own;
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

  /** Notes that the job has ended. It is remembered for a while. */
  synchronized void finished(CloneWork job, boolean atOnce) {
    if (underWay.remove(job.id()) != null) {
      underWayByClient.computeIfPresent(job.client(), (client, own) -> own == 1 ? null : own - 1);
    }
    if (atOnce) {
      job.forgetReport();
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

  /** The jobs under way, then the finished ones that hosts had to wait for. */
  synchronized List<CloneWork> listed() {
    List<CloneWork> jobs = unfinished();
    jobs.addAll(waitedFor.values());
    return jobs;
  }

  synchronized List<CloneWork> unfinished() {
    return new ArrayList<>(underWay.values());
  }
}
