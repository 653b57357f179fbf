/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.ExtendedStatistics;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionEnded;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.services.offload.Requester;

/** Operations that note every call and answer what the test says. */
final class ScriptedOperations implements VaaiOperations {
  private final List<VaaiMessage> calls = Collections.synchronizedList(new ArrayList<>());
  private final List<Requester> requesters = Collections.synchronizedList(new ArrayList<>());
  private volatile CompletableFuture<?> answer = new CompletableFuture<>();

  void willAnswer(CompletableFuture<?> next) {
    answer = next;
  }

  void willAnswer(VaaiReply<?> next) {
    answer = CompletableFuture.completedFuture(next);
  }

  List<VaaiMessage> calls() {
    return List.copyOf(calls);
  }

  Requester lastRequester() {
    return requesters.get(requesters.size() - 1);
  }

  @SuppressWarnings("unchecked") // the test scripts an answer of the right class
  private <T extends VaaiMessage> CompletableFuture<VaaiReply<T>> note(
      Requester requester, VaaiMessage call) {
    requesters.add(requester);
    calls.add(call);
    return (CompletableFuture<VaaiReply<T>>) answer;
  }

  @Override
  public CompletableFuture<VaaiReply<SessionGrant>> startSession(
      Requester requester, SessionStartCall call) {
    return note(requester, call);
  }

  @Override
  public CompletableFuture<VaaiReply<SessionEnded>> endSession(
      Requester requester, SessionEndCall call) {
    return note(requester, call);
  }

  @Override
  public CompletableFuture<VaaiReply<SupportAnswer>> support(
      Requester requester, SupportCall call) {
    return note(requester, call);
  }

  @Override
  public CompletableFuture<VaaiReply<CloneJob>> cloneFile(Requester requester, CloneCall call) {
    return note(requester, call);
  }

  @Override
  public CompletableFuture<VaaiReply<CloneJob>> cloneStatus(Requester requester, JobCall call) {
    return note(requester, call);
  }

  @Override
  public CompletableFuture<VaaiReply<CloneJob>> abortClone(Requester requester, JobCall call) {
    return note(requester, call);
  }

  @Override
  public CompletableFuture<VaaiReply<ReservedSpace>> reserveSpace(
      Requester requester, ReserveCall call) {
    return note(requester, call);
  }

  @Override
  public CompletableFuture<VaaiReply<ExtendedStatistics>> statistics(
      Requester requester, StatxCall call) {
    return note(requester, call);
  }
}
