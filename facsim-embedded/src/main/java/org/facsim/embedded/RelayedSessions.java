/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
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
import org.facsim.services.offload.session.CloneRequest;
import org.facsim.services.offload.session.ReserveRequest;
import org.facsim.services.offload.session.SessionCalls;
import org.facsim.services.offload.session.SessionId;
import org.facsim.services.offload.session.SessionStart;
import org.facsim.services.offload.session.StartedSession;
import org.facsim.services.offload.session.UnmapRequest;

/**
 * The sessions of whatever run the array is in, for a door that stays while runs come and go. While
 * the array is away every call fails with BUSY; a session of an earlier run is unknown.
 */
final class RelayedSessions implements SessionCalls {
  /** Null while the array is away. */
  private volatile SessionCalls current;

  void relayTo(SessionCalls sessions) {
    current = sessions;
  }

  @Override
  public void notExecuted(
      Requester requester, CloneRequest request, String words, boolean isKeptBack) {
    SessionCalls now = current;
    if (now != null) {
      now.notExecuted(requester, request, words, isKeptBack);
    }
  }

  private <T> CompletableFuture<T> relay(Function<SessionCalls, CompletableFuture<T>> call) {
    SessionCalls now = current;
    return now == null
        ? CompletableFuture.failedFuture(
            new OffloadFailure(OffloadError.BUSY, "the array is away, and comes back"))
        : call.apply(now);
  }

  @Override
  public CompletableFuture<StartedSession> startSession(Requester requester, SessionStart start) {
    return relay(now -> now.startSession(requester, start));
  }

  @Override
  public CompletableFuture<Void> endSession(Requester requester, SessionId session) {
    return relay(now -> now.endSession(requester, session));
  }

  @Override
  public CompletableFuture<Void> renew(Requester requester, SessionId session) {
    return relay(now -> now.renew(requester, session));
  }

  @Override
  public CompletableFuture<Support> support(
      Requester requester, SessionId session, Primitive primitive) {
    return relay(now -> now.support(requester, session, primitive));
  }

  @Override
  public CompletableFuture<JobSnapshot> cloneFile(Requester requester, CloneRequest request) {
    return relay(now -> now.cloneFile(requester, request));
  }

  @Override
  public CompletableFuture<JobSnapshot> cloneStatus(
      Requester requester, SessionId session, long jobId) {
    return relay(now -> now.cloneStatus(requester, session, jobId));
  }

  @Override
  public CompletableFuture<JobSnapshot> abortClone(
      Requester requester, SessionId session, long jobId) {
    return relay(now -> now.abortClone(requester, session, jobId));
  }

  @Override
  public CompletableFuture<ReservedSpace> reserveSpace(
      Requester requester, ReserveRequest request) {
    return relay(now -> now.reserveSpace(requester, request));
  }

  @Override
  public CompletableFuture<UnmapGranularity> unmapGranularity(
      Requester requester, SessionId session, FileRef file) {
    return relay(now -> now.unmapGranularity(requester, session, file));
  }

  @Override
  public CompletableFuture<UnmappedSpace> unmap(Requester requester, UnmapRequest request) {
    return relay(now -> now.unmap(requester, request));
  }

  @Override
  public CompletableFuture<SpaceUse> extendedStatistics(
      Requester requester, SessionId session, FileRef file) {
    return relay(now -> now.extendedStatistics(requester, session, file));
  }
}
