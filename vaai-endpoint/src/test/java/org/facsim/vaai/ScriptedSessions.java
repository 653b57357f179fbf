/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.JobSnapshot;
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

/** Sessions that note what each call asks for and answer what the test says. */
final class ScriptedSessions implements SessionCalls {
  private final List<List<?>> calls = Collections.synchronizedList(new ArrayList<>());
  private final List<Requester> requesters = Collections.synchronizedList(new ArrayList<>());
  private volatile CompletableFuture<?> answer = new CompletableFuture<>();

  void willAnswer(CompletableFuture<?> next) {
    answer = next;
  }

  /** The name of each call and its arguments. */
  List<List<?>> calls() {
    return List.copyOf(calls);
  }

  Requester lastRequester() {
    return requesters.get(requesters.size() - 1);
  }

  @SuppressWarnings("unchecked") // the test scripts an answer of the right class
  private <T> CompletableFuture<T> note(Requester requester, Object... call) {
    requesters.add(requester);
    calls.add(List.of(call));
    return (CompletableFuture<T>) answer;
  }

  @Override
  public CompletableFuture<StartedSession> startSession(Requester requester, SessionStart start) {
    return note(requester, "start", start);
  }

  @Override
  public CompletableFuture<Void> endSession(Requester requester, SessionId session) {
    return note(requester, "end", session);
  }

  @Override
  public CompletableFuture<Void> renew(Requester requester, SessionId session) {
    return note(requester, "renew", session);
  }

  @Override
  public CompletableFuture<Support> support(
      Requester requester, SessionId session, Primitive primitive) {
    return note(requester, "support", session, primitive);
  }

  @Override
  public CompletableFuture<JobSnapshot> cloneFile(Requester requester, CloneRequest request) {
    return note(requester, "clone", request);
  }

  @Override
  public void notExecuted(
      Requester requester, CloneRequest request, String words, boolean isKeptBack) {
    throw new UnsupportedOperationException(words);
  }

  @Override
  public CompletableFuture<JobSnapshot> cloneStatus(
      Requester requester, SessionId session, long jobId) {
    return note(requester, "status", session, jobId);
  }

  @Override
  public CompletableFuture<JobSnapshot> abortClone(
      Requester requester, SessionId session, long jobId) {
    return note(requester, "abort", session, jobId);
  }

  @Override
  public CompletableFuture<ReservedSpace> reserveSpace(
      Requester requester, ReserveRequest request) {
    return note(requester, "reserve", request);
  }

  @Override
  public CompletableFuture<UnmapGranularity> unmapGranularity(
      Requester requester, SessionId session, FileRef file) {
    return note(requester, "granularity", session, file);
  }

  @Override
  public CompletableFuture<UnmappedSpace> unmap(Requester requester, UnmapRequest request) {
    return note(requester, "unmap", request);
  }

  @Override
  public CompletableFuture<SpaceUse> extendedStatistics(
      Requester requester, SessionId session, FileRef file) {
    return note(requester, "statistics", session, file);
  }
}
