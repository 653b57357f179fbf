/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.facsim.services.offload.StartedClone;

/** The session of one host on one export: its requests and its clone jobs. Thread-safe. */
final class Session {
  private static final Duration MAX_PATIENCE = Duration.ofSeconds(8);

  private final SessionId id;
  private final String client;
  private final MountedExport export;
  private final Duration patience;
  private final RequestLog requests;
  private final int maxFinishedJobs;

  /**
   * The jobs that the session may ask about, with their ends. This map guards itself and the next
   * field.
   */
  private final Map<Long, CompletableFuture<?>> endsByJobId = new LinkedHashMap<>();

  private boolean ended;

  private volatile Instant lastUsed;

  /**
   * Begins a session.
   *
   * @param client the address of the host that starts it
   * @param export what it is on
   * @param timeout how long the host waits for any one answer
   * @param maxRequests how many answers, and how many finished jobs, are remembered
   */
  Session(
      SessionId id,
      String client,
      MountedExport export,
      Duration timeout,
      int maxRequests,
      Instant now) {
    this.id = id;
    this.client = client;
    this.export = export;
    this.patience = patience(timeout);
    this.requests = new RequestLog(maxRequests);
    this.maxFinishedJobs = maxRequests;
    this.lastUsed = now;
  }

  SessionId id() {
    return id;
  }

  /** The address of the host that started it. */
  String client() {
    return client;
  }

  MountedExport export() {
    return export;
  }

  /**
   * How long a clone may take until it is answered: the timeout minus some time for the network,
   * and short enough that not too many requests wait at the same time.
   */
  Duration patience() {
    return patience;
  }

  private static Duration patience(Duration timeout) {
    Duration most = timeout.multipliedBy(4).dividedBy(5);
    return most.compareTo(MAX_PATIENCE) < 0 ? most : MAX_PATIENCE;
  }

  RequestLog requests() {
    return requests;
  }

  Instant lastUsed() {
    return lastUsed;
  }

  void use(Instant now) {
    lastUsed = now;
  }

  /**
   * Whether the session was not used for longer than the lease, all its requests are answered, and
   * none of its jobs is under way.
   */
  boolean isExpired(Instant now, Duration lease) {
    return lastUsed.plus(lease).isBefore(now) && isIdle();
  }

  /** Whether nothing of it is under way. */
  boolean isIdle() {
    return requests.isIdle() && unfinishedJobs().isEmpty();
  }

  /**
   * Keeps a job for status queries; forgets the oldest finished one beyond the limit.
   *
   * @return false if the session has ended; then the caller must abort the job
   */
  boolean add(StartedClone clone) {
    synchronized (endsByJobId) {
      if (ended) {
        return false;
      }
      if (endsByJobId.size() >= maxFinishedJobs) {
        forgetOldestFinished();
      }
      endsByJobId.put(clone.jobId(), clone.end());
      return true;
    }
  }

  /** Ends the session: it takes no more jobs. Returns the jobs that are under way. */
  List<Long> end() {
    synchronized (endsByJobId) {
      ended = true;
      return unfinishedJobs();
    }
  }

  private void forgetOldestFinished() {
    Iterator<CompletableFuture<?>> ends = endsByJobId.values().iterator();
    while (ends.hasNext()) {
      if (ends.next().isDone()) {
        ends.remove();
        return;
      }
    }
  }

  boolean hasJob(long jobId) {
    synchronized (endsByJobId) {
      return endsByJobId.containsKey(jobId);
    }
  }

  List<Long> unfinishedJobs() {
    synchronized (endsByJobId) {
      return endsByJobId.isEmpty()
          ? List.of()
          : endsByJobId.entrySet().stream()
              .filter(each -> !each.getValue().isDone())
              .map(Map.Entry::getKey)
              .toList();
    }
  }
}
