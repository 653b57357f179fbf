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

/**
 * What a host can ask for in a session, in no wire's words. A door finds out who asks, calls one of
 * these and translates the outcome. Decorators (faults, journal, latency) wrap this interface and
 * so see every call of every door that has sessions.
 *
 * <p>No call blocks or throws; all may run on event loops, at the same time. A future completes
 * with the answer once what the call changed is durable, usually before the method returns. It
 * fails with an {@link OffloadFailure}, whose error is {@link OffloadError#DEFECT} for a defect of
 * the array; with anything else only for a defect of a decorator.
 *
 * <p>Every call in a session fails with UNKNOWN_SESSION if the session is unknown, ended or
 * expired, and with NOT_FOUND if its export is gone; and renews the session's lease otherwise.
 */
public interface SessionCalls {
  /** Fails with VERSION_NOT_SERVED, NOT_FOUND, ACCESS_DENIED, NOT_SUPPORTED, TOO_MANY_SESSIONS. */
  CompletableFuture<StartedSession> startSession(Requester requester, SessionStart start);

  /** Ends a session and aborts its jobs, even where the export's rules admit no other call. */
  CompletableFuture<Void> endSession(Requester requester, SessionId session);

  /** Does nothing but what every call in a session does. */
  CompletableFuture<Void> renew(Requester requester, SessionId session);

  CompletableFuture<Support> support(Requester requester, SessionId session, Primitive primitive);

  /** Completes when the clone has ended, or when the host should not wait any longer. */
  CompletableFuture<JobSnapshot> cloneFile(Requester requester, CloneRequest request);

  /** Fails with UNKNOWN_JOB for a job of another session. */
  CompletableFuture<JobSnapshot> cloneStatus(Requester requester, SessionId session, long jobId);

  /** Aborts what can still be aborted; otherwise the answer tells how far the job came. */
  CompletableFuture<JobSnapshot> abortClone(Requester requester, SessionId session, long jobId);

  CompletableFuture<ReservedSpace> reserveSpace(Requester requester, ReserveRequest request);

  CompletableFuture<SpaceUse> extendedStatistics(
      Requester requester, SessionId session, FileRef file);
}
