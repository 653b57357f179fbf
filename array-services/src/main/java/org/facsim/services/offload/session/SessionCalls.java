/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.util.concurrent.CompletableFuture;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.Requester;
import org.facsim.services.offload.ReservedSpace;
import org.facsim.services.offload.SpaceUse;
import org.facsim.services.offload.Support;
import org.facsim.services.offload.UnmapGranularity;
import org.facsim.services.offload.UnmappedSpace;

/**
 * What a host can ask for in a session, independent of wire protocols. A door finds out who asks,
 * calls one of these methods and translates the outcome. A decorator of this interface sees every
 * call of every door that has sessions.
 *
 * <p>No call blocks or throws. All may run on event loops, at the same time. A future completes
 * with the answer when what the call changed is durable, usually before the method returns. It
 * fails with an {@link OffloadFailure}; if the array has a defect, its error is {@link
 * OffloadError#DEFECT}. If it fails with anything else, a decorator has a defect.
 *
 * <p>Every call in a session fails with UNKNOWN_SESSION if the session is unknown, has ended or has
 * expired, and with NOT_FOUND if its export is gone. Otherwise it renews the session's lease.
 */
public interface SessionCalls {
  /** Fails with VERSION_NOT_SERVED, NOT_FOUND, ACCESS_DENIED, NOT_SUPPORTED, TOO_MANY_SESSIONS. */
  CompletableFuture<StartedSession> startSession(Requester requester, SessionStart start);

  /** Ends a session and aborts its jobs, even if the export's rules admit no other call. */
  CompletableFuture<Void> endSession(Requester requester, SessionId session);

  /** Does only what every call in a session does: it renews the lease. */
  CompletableFuture<Void> renew(Requester requester, SessionId session);

  CompletableFuture<Support> support(Requester requester, SessionId session, Primitive primitive);

  /** Completes when the clone has ended, or when the host should not wait any longer. */
  CompletableFuture<JobSnapshot> cloneFile(Requester requester, CloneRequest request);

  /**
   * A fault has decided about the call of a clone when it arrived. Whoever asks why there is no
   * clone is told of it, unless the array has executed the same request before. Does not renew the
   * lease.
   *
   * @param words which fault, and what it did
   * @param isKeptBack whether {@link #cloneFile} may still come
   */
  void notExecuted(Requester requester, CloneRequest request, String words, boolean isKeptBack);

  /** Fails with UNKNOWN_JOB for a job of another session. */
  CompletableFuture<JobSnapshot> cloneStatus(Requester requester, SessionId session, long jobId);

  /** Aborts a job if that is still possible; the answer says how far the job came. */
  CompletableFuture<JobSnapshot> abortClone(Requester requester, SessionId session, long jobId);

  CompletableFuture<ReservedSpace> reserveSpace(Requester requester, ReserveRequest request);

  CompletableFuture<UnmapGranularity> unmapGranularity(
      Requester requester, SessionId session, FileRef file);

  /** Unmaps ranges of a file in one step. */
  CompletableFuture<UnmappedSpace> unmap(Requester requester, UnmapRequest request);

  CompletableFuture<SpaceUse> extendedStatistics(
      Requester requester, SessionId session, FileRef file);
}
