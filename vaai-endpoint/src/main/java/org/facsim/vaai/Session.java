/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.protocol.vaai.SessionId;

/** One host's session on one export: its requests and its clone jobs. Thread-safe. */
final class Session {
  private final SessionId id;
  private final String exportPath;
  private final String client;
  private final RequestLog requests;
  private final VaaiStatistics.Counters counters;
  private final int maxFinishedJobs;
  private final Map<Long, CloneWork> jobsById = new LinkedHashMap<>(); // guarded by itself
  private volatile Instant lastUsed;

  /**
   * A session that begins now.
   *
   * @param client the host's address, for events
   * @param maxRequests answers and finished jobs that are remembered
   */
  Session(
      SessionId id,
      String exportPath,
      String client,
      VaaiStatistics.Counters counters,
      int maxRequests,
      Instant now) {
    this.id = id;
    this.exportPath = exportPath;
    this.client = client;
    this.counters = counters;
    this.requests = new RequestLog(maxRequests);
    this.maxFinishedJobs = maxRequests;
    this.lastUsed = now;
  }

  SessionId id() {
    return id;
  }

  String exportPath() {
    return exportPath;
  }

  String client() {
    return client;
  }

  VaaiStatistics.Counters counters() {
    return counters;
  }

  RequestLog requests() {
    return requests;
  }

  void use(Instant now) {
    lastUsed = now;
  }

  /** Whether nobody used the session for longer than the lease and no job of it is under way. */
  boolean isExpired(Instant now, Duration lease) {
    return lastUsed.plus(lease).isBefore(now) && unfinishedJobs().isEmpty();
  }

  /** Keeps a job for status queries; forgets the oldest finished one beyond the limit. */
  void add(CloneWork job) {
    synchronized (jobsById) {
      if (jobsById.size() >= maxFinishedJobs) {
        jobsById.values().stream()
            .filter(CloneWork::isFinished)
            .findFirst()
            .ifPresent(oldest -> jobsById.remove(oldest.id()));
      }
      jobsById.put(job.id(), job);
    }
  }

  Optional<CloneWork> job(long jobId) {
    synchronized (jobsById) {
      return Optional.ofNullable(jobsById.get(jobId));
    }
  }

  Collection<CloneWork> unfinishedJobs() {
    synchronized (jobsById) {
      return jobsById.isEmpty()
          ? List.of()
          : jobsById.values().stream().filter(job -> !job.isFinished()).toList();
    }
  }
}
