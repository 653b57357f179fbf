/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A host's view of one session. It fills in the session id and numbers the requests, so that the
 * array executes a request once, even if the transport sends it twice. Thread-safe.
 */
public final class VaaiSession {
  private final VaaiClient client;
  private final SessionGrant grant;
  private final AtomicLong lastRequestId = new AtomicLong();

  public VaaiSession(VaaiClient client, SessionGrant grant) {
    this.client = Objects.requireNonNull(client);
    this.grant = Objects.requireNonNull(grant);
  }

  public SessionGrant grant() {
    return grant;
  }

  /** The id for a request that the caller composes itself. */
  public long nextRequestId() {
    return lastRequestId.incrementAndGet();
  }

  public CompletableFuture<VaaiReply<SupportAnswer>> support(VaaiPrimitive primitive) {
    return client.support(new SupportCall(grant.session(), primitive));
  }

  /** A new clone request within the session's export; {@code flags} are {@link CloneFlags}. */
  public CompletableFuture<VaaiReply<CloneJob>> cloneFile(
      VaaiFile source, VaaiFile destination, int flags) {
    return client.cloneFile(
        CloneCall.within(grant.session(), nextRequestId(), source, destination, flags));
  }

  public CompletableFuture<VaaiReply<CloneJob>> cloneStatus(long jobId) {
    return client.cloneStatus(new JobCall(grant.session(), jobId));
  }

  public CompletableFuture<VaaiReply<CloneJob>> abortClone(long jobId) {
    return client.abortClone(new JobCall(grant.session(), jobId));
  }

  /** A new reservation; {@code sizeBytes} of 0 means the file's present size. */
  public CompletableFuture<VaaiReply<ReservedSpace>> reserveSpace(
      VaaiFile file, ReserveMode mode, long sizeBytes) {
    return client.reserveSpace(
        new ReserveCall(grant.session(), nextRequestId(), file, mode, sizeBytes));
  }

  public CompletableFuture<VaaiReply<ExtendedStatistics>> statistics(VaaiFile file) {
    return client.statistics(new StatxCall(grant.session(), file));
  }

  /** In what granularity a file is unmapped. */
  public CompletableFuture<VaaiReply<UnmapGranularity>> unmapGranularity(VaaiFile file) {
    return client.unmapGranularity(new UnmapGranularityCall(grant.session(), file));
  }

  /** A new request to unmap ranges of a file, at most {@link VaaiNas#MAX_RANGES}. */
  public CompletableFuture<VaaiReply<UnmappedSpace>> unmap(VaaiFile file, List<VaaiRange> ranges) {
    return client.unmap(new UnmapCall(grant.session(), nextRequestId(), file, ranges));
  }

  public CompletableFuture<VaaiReply<SessionEnded>> end() {
    return client.endSession(new SessionEndCall(grant.session()));
  }
}
