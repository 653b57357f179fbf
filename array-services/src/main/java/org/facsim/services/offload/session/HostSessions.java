/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.facsim.array.Caller;
import org.facsim.array.Volume;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.LinkDecision;
import org.facsim.services.calls.StatusRefusal;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.CloneOption;
import org.facsim.services.offload.CloneOrder;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.Offload;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.Requester;
import org.facsim.services.offload.ReservedSpace;
import org.facsim.services.offload.SpaceUse;
import org.facsim.services.offload.StartedClone;
import org.facsim.services.offload.Support;
import org.facsim.services.offload.UnmapGranularity;
import org.facsim.services.offload.UnmappedSpace;

/**
 * Sessions in front of the offload. They know who calls, on which export, and whether the call is a
 * retransmission.
 *
 * <p>Each call takes the same way: the session, then the export's rules for the client that calls
 * now, then the session's {@link RequestLog} if the call changes anything, then the offload.
 */
public final class HostSessions implements SessionCalls {
  /** Granted to a host that names no timeout; the value of ESXi's plugins. */
  public static final long DEFAULT_TIMEOUT_SECONDS = 10;

  /** The longest timeout that is granted. */
  public static final long MAX_TIMEOUT_SECONDS = 300;

  private static final String SESSION_ENDED = "the session ended";

  private final Offload offload;
  private final SessionTable sessions;
  private final Admission admission;
  private final OperationPoint point;
  private final Dialect dialect;
  private final SessionStarts starts;

  /**
   * @param dialect the dialect of the door that serves these sessions
   */
  public HostSessions(Offload offload, Grants grants, SessionOptions options, Dialect dialect) {
    this.offload = Objects.requireNonNull(offload);
    this.sessions = new SessionTable(Objects.requireNonNull(options));
    this.admission = new Admission(sessions, Objects.requireNonNull(grants), dialect);
    this.point = new OperationPoint(grants);
    this.dialect = dialect;
    this.starts = new SessionStarts(offload, options, sessions, admission, point);
  }

  /**
   * Forgets the answers of requests, because a named state is being restored. Sessions stay. Takes
   * no lock that a thread may hold while it calls the array.
   */
  public void forgetRequests() {
    sessions.forgetRequests();
  }

  /** Ends the sessions on volumes that were deleted, and aborts their jobs. */
  public void volumesGone(Set<Volume> gone) {
    sessions
        .endAllOn(gone.stream().map(Volume::id).collect(Collectors.toSet()))
        .forEach(job -> offload.abort(job, Caller.ROOT, SESSION_ENDED));
  }

  @Override
  public CompletableFuture<StartedSession> startSession(Requester requester, SessionStart start) {
    return now(() -> starts.start(requester, start));
  }

  @Override
  public CompletableFuture<Void> endSession(Requester requester, SessionId session) {
    return now(
        () -> {
          Session ending = sessions.use(session);
          point.pass(requester, null, session);
          sessions.end(ending).forEach(job -> offload.abort(job, Caller.ROOT, SESSION_ENDED));
          return null;
        });
  }

  @Override
  public CompletableFuture<Void> renew(Requester requester, SessionId session) {
    return now(
        () -> {
          point.pass(requester, admission.admit(requester, session).initiator().grant(), session);
          return null;
        });
  }

  @Override
  public CompletableFuture<Support> support(
      Requester requester, SessionId session, Primitive primitive) {
    return now(
        () -> {
          Initiator initiator = admission.admit(requester, session).initiator();
          point.pass(requester, initiator.grant(), primitive);
          return offload.support(initiator, primitive);
        });
  }

  @Override
  public CompletableFuture<JobSnapshot> cloneFile(Requester requester, CloneRequest request) {
    return later(
        () -> {
          Admission.Admitted to = admitToClone(requester, request);
          if (request.options().has(CloneOption.DRY_RUN)) {
            return start(requester, to, request);
          }
          try {
            return once(
                requester, to, request.requestId(), request, () -> start(requester, to, request));
          } catch (OffloadFailure refused) {
            throw isOfTheRequest(refused)
                ? notStarted(
                    report(requester, to.initiator().grant(), request),
                    Precondition.REQUEST,
                    refused)
                : refused;
          }
        });
  }

  @Override
  public void notExecuted(
      Requester requester, CloneRequest request, String words, boolean isKeptBack) {
    OffloadFailure fault = new OffloadFailure(OffloadError.BUSY, words);
    CloneReport report = report(requester, null, request);
    try {
      Session session = sessions.find(request.session());
      if (session.requests().remembers(request.requestId())) {
        return;
      }
      Initiator to = admission.initiator(session, requester);
      report = report(requester, to.grant(), request);
      report.fails(Precondition.FAULT, fault);
      report =
          offload.examine(
              new CloneOrder(
                  to,
                  to.grant(),
                  request.source(),
                  request.destination(),
                  request.options(),
                  session.patience(),
                  report));
    } catch (OffloadFailure refused) {
      report.fails(Precondition.FAULT, fault);
    }
    offload.notExecuted(report, words, isKeptBack);
  }

  /**
   * Whether only this request is refused, and not the clone, which another request may have made.
   */
  private static boolean isOfTheRequest(OffloadFailure refused) {
    return refused.error() == OffloadError.REQUEST_REUSED || refused.error() == OffloadError.BUSY;
  }

  private Admission.Admitted admitToClone(Requester requester, CloneRequest request) {
    Admission.Admitted to;
    try {
      to = admission.admit(requester, request.session());
    } catch (OffloadFailure refused) {
      boolean isSession = refused.error() == OffloadError.UNKNOWN_SESSION;
      throw notStarted(
          report(requester, null, request),
          isSession ? Precondition.SESSION : Precondition.EXPORT,
          refused);
    }
    if (request.options().has(CloneOption.OTHER_VOLUME) != request.sourceSession().isPresent()) {
      throw notStarted(
          report(requester, to.initiator().grant(), request),
          Precondition.REQUEST,
          new OffloadFailure(
              OffloadError.INVALID_ARGUMENT,
              "a source session goes with the other-volume flag, and only with it"));
    }
    return to;
  }

  private CloneReport report(Requester requester, Grant grantOrNull, CloneRequest request) {
    return CloneOrder.report(
        requester.clientAddress(),
        dialect,
        grantOrNull,
        request.source(),
        request.destination(),
        request.options(),
        requester.size());
  }

  private OffloadFailure notStarted(
      CloneReport report, Precondition precondition, OffloadFailure refused) {
    report.fails(precondition, refused);
    offload.notStarted(report, refused.error().name(), refused.getMessage());
    return refused;
  }

  /** The present rules apply to a retransmission, too, although nothing is executed. */
  private <T> CompletableFuture<T> once(
      Requester requester,
      Admission.Admitted to,
      long requestId,
      SessionRequest request,
      Supplier<CompletableFuture<T>> execution) {
    RequestLog requests = to.session().requests();
    if (requests.remembers(requestId)) {
      offload.admit(to.initiator());
      if (requester.call() != null) {
        requester.call().answersFromMemory();
      }
    }
    return requests.once(
        requestId,
        new RequestLog.Request(request, to.initiator().grant().caller()),
        () -> later(execution));
  }

  private CompletableFuture<JobSnapshot> start(
      Requester requester, Admission.Admitted to, CloneRequest request) {
    CloneReport report = report(requester, to.initiator().grant(), request);
    SessionId session = request.session();
    report.holds(Precondition.SESSION, of -> "session " + session + " is known");
    Grant from = source(requester, to, request, report);
    CloneOrder order =
        new CloneOrder(
            to.initiator(),
            from,
            request.source(),
            request.destination(),
            request.options(),
            to.session().patience(),
            report);
    try {
      point.pass(requester, to.initiator().grant(), request.destination(), request);
    } catch (OffloadFailure | StatusRefusal | CallOverruled fault) {
      report.fails(Precondition.FAULT, fault);
      offload.notStarted(offload.examine(order), nameOf(fault), fault.getMessage());
      throw fault;
    }
    StartedClone clone = offload.startClone(order);
    if (clone.jobId() != 0 && !to.session().add(clone)) {
      JobSnapshot job = offload.abort(clone.jobId(), Caller.ROOT, SESSION_ENDED);
      if (job.state() == JobState.ABORTED) {
        throw new OffloadFailure(OffloadError.UNKNOWN_SESSION, SESSION_ENDED);
      }
    }
    return clone.answer().thenApply(HostSessions::unlessItEndedBadly);
  }

  private static String nameOf(RuntimeException fault) {
    if (fault instanceof OffloadFailure failure) {
      return failure.error().name();
    }
    return fault instanceof StatusRefusal refusal ? refusal.status().name() : "NO_ANSWER";
  }

  private Grant source(
      Requester requester, Admission.Admitted to, CloneRequest request, CloneReport report) {
    if (request.sourceSession().isEmpty()) {
      return to.initiator().grant();
    }
    try {
      return admission.admit(requester, request.sourceSession().get()).initiator().grant();
    } catch (OffloadFailure refused) {
      throw notStarted(report, Precondition.SESSION, refused);
    }
  }

  /** If a job failed before the host was answered, the host is told a failure and no job. */
  private static JobSnapshot unlessItEndedBadly(JobSnapshot job) {
    job.error()
        .ifPresent(
            error -> {
              throw new OffloadFailure(error, job.reason());
            });
    return job;
  }

  @Override
  public CompletableFuture<JobSnapshot> cloneStatus(
      Requester requester, SessionId session, long jobId) {
    return now(
        () -> {
          admitToJob(requester, session, jobId);
          return offload.job(jobId);
        });
  }

  @Override
  public CompletableFuture<JobSnapshot> abortClone(
      Requester requester, SessionId session, long jobId) {
    return now(
        () -> {
          Initiator initiator = admitToJob(requester, session, jobId);
          return offload.abort(jobId, initiator.grant().caller(), "aborted by the host");
        });
  }

  /**
   * Admits a question about a job. A session may ask about its own jobs, and about jobs of an
   * earlier run of the array, whose sessions are gone.
   */
  private Initiator admitToJob(Requester requester, SessionId session, long jobId) {
    Admission.Admitted admitted = admission.admit(requester, session);
    offload.admit(admitted.initiator());
    if (!admitted.session().hasJob(jobId) && offload.job(jobId).state() != JobState.LOST) {
      throw new OffloadFailure(OffloadError.UNKNOWN_JOB, "no job " + Long.toUnsignedString(jobId));
    }
    point.pass(requester, admitted.initiator().grant(), "job " + Long.toUnsignedString(jobId));
    return admitted.initiator();
  }

  @Override
  public CompletableFuture<ReservedSpace> reserveSpace(
      Requester requester, ReserveRequest request) {
    return later(
        () -> {
          Admission.Admitted to = admission.admit(requester, request.session());
          return once(
              requester,
              to,
              request.requestId(),
              request,
              () -> reserve(requester, to.initiator(), request));
        });
  }

  private CompletableFuture<ReservedSpace> reserve(
      Requester requester, Initiator initiator, ReserveRequest request) {
    point.pass(requester, initiator.grant(), request.file(), request);
    return offload.reserveSpace(initiator, request.file(), request.mode(), request.sizeBytes());
  }

  @Override
  public CompletableFuture<UnmapGranularity> unmapGranularity(
      Requester requester, SessionId session, FileRef file) {
    return now(
        () -> {
          Initiator initiator = admission.admit(requester, session).initiator();
          point.pass(requester, initiator.grant(), file, file);
          return offload.unmapGranularity(initiator, file);
        });
  }

  @Override
  public CompletableFuture<UnmappedSpace> unmap(Requester requester, UnmapRequest request) {
    return later(
        () -> {
          Admission.Admitted to = admission.admit(requester, request.session());
          return once(
              requester,
              to,
              request.requestId(),
              request,
              () -> unmap(requester, to.initiator(), request));
        });
  }

  private CompletableFuture<UnmappedSpace> unmap(
      Requester requester, Initiator initiator, UnmapRequest request) {
    point.pass(requester, initiator.grant(), request.file(), request);
    return offload.unmap(initiator, request.file(), request.ranges());
  }

  @Override
  public CompletableFuture<SpaceUse> extendedStatistics(
      Requester requester, SessionId session, FileRef file) {
    return now(
        () -> {
          Initiator initiator = admission.admit(requester, session).initiator();
          point.pass(requester, initiator.grant(), file, file);
          return offload.extendedStatistics(initiator, file);
        });
  }

  // ---------------------------------------------------------------- outcomes

  /** Answers an operation that has ended when it returns. */
  private static <T> CompletableFuture<T> now(Supplier<T> operation) {
    return later(() -> CompletableFuture.completedFuture(operation.get()));
  }

  /** Answers an operation that may take time, or refuse at once. */
  private static <T> CompletableFuture<T> later(Supplier<CompletableFuture<T>> operation) {
    CompletableFuture<T> answer;
    try {
      answer = operation.get();
    } catch (RuntimeException failure) {
      return failed(failure);
    }
    return answer.isDone() && !answer.isCompletedExceptionally()
        ? answer
        : answer.exceptionallyCompose(HostSessions::failed);
  }

  private static <T> CompletableFuture<T> failed(Throwable failure) {
    return CompletableFuture.failedFuture(
        LinkDecision.in(failure)
            .<RuntimeException>map(decision -> decision)
            .orElseGet(() -> OffloadFailure.of(failure)));
  }
}
