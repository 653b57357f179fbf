/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.array.Caller;
import org.facsim.array.Volume;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.ExtendedStatistics;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionEnded;
import org.facsim.protocol.vaai.SessionGrant;
import org.facsim.protocol.vaai.SessionLimits;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.services.offload.CloneOrder;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.Offload;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.OffloadLimits;
import org.facsim.services.offload.Requester;
import org.facsim.services.offload.StartedClone;
import org.facsim.services.offload.VaaiExports;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions over the offload: who calls, on which export, and whether the call is a retransmission.
 *
 * <p>Each call goes the same way: the session, then the export's rules for whoever calls now, then
 * the session's {@link RequestLog} if it changes anything, then the offload.
 */
public final class VaaiEndpoint implements VaaiOperations {
  /** Granted to a host that names no timeout, as ESXi's plugins have it. */
  public static final long DEFAULT_TIMEOUT_SECONDS = 10;

  /** The longest timeout granted. */
  public static final long MAX_TIMEOUT_SECONDS = 300;

  private static final String SESSION_ENDED = "the session ended";

  private static final Logger LOG = LoggerFactory.getLogger(VaaiEndpoint.class);

  private final Offload offload;
  private final VaaiOptions options;
  private final SessionTable sessions;
  private final Admission admission;

  /** The sessions of the ONC RPC program. */
  public VaaiEndpoint(Offload offload, VaaiExports exports, VaaiOptions options) {
    this(offload, exports, options, Dialect.VAAI_NAS);
  }

  /** The sessions of another wire that has the same calls. */
  public VaaiEndpoint(Offload offload, VaaiExports exports, VaaiOptions options, Dialect dialect) {
    this.offload = Objects.requireNonNull(offload);
    this.options = Objects.requireNonNull(options);
    this.sessions = new SessionTable(options);
    this.admission = new Admission(sessions, Objects.requireNonNull(exports), dialect);
  }

  /**
   * Forgets what requests were answered, because a named state is being restored. Sessions stay.
   * Takes no lock that anybody holds while it calls the array.
   */
  public void forgetRequests() {
    sessions.forgetRequests();
  }

  @Override
  public CompletableFuture<VaaiReply<SessionGrant>> startSession(
      Requester requester, SessionStartCall call) {
    return Replies.now(() -> grant(requester, call));
  }

  private SessionGrant grant(Requester requester, SessionStartCall call) {
    if (call.protocolVersion() != VaaiNas.PROTOCOL_VERSION) {
      throw new OffloadFailure(
          OffloadError.VERSION_NOT_SERVED,
          "protocol version " + call.protocolVersion() + ", served: " + VaaiNas.PROTOCOL_VERSION);
    }
    if (!options.fileSystemVersions().contains(call.fileSystemVersion())) {
      throw new OffloadFailure(
          OffloadError.VERSION_NOT_SERVED,
          "file-system version "
              + call.fileSystemVersion()
              + ", served: "
              + options.fileSystemVersions());
    }
    Initiator initiator = admission.initiator(call.exportPath(), requester);
    OffloadLimits limits = offload.admit(initiator);
    long timeoutSeconds = grantedTimeoutSeconds(call.timeoutSeconds());
    Session session =
        sessions.start(
            requester.clientAddress(),
            call.exportPath(),
            initiator.access().volume().id(),
            Duration.ofSeconds(timeoutSeconds));
    LOG.debug(
        "session {} on {} for {} at {}",
        session.id(),
        call.exportPath(),
        call.clientName(),
        initiator.client());
    return new SessionGrant(
        session.id(),
        Opaque.of(initiator.access().volume().root().handle().toBytes()),
        timeoutSeconds,
        new SessionLimits(
            options.lease().toSeconds(),
            limits.maxClones(),
            limits.maxDepth(),
            options.maxRequests(),
            Volume.BLOCK_BYTES,
            Volume.MAX_FILE_BYTES));
  }

  private static long grantedTimeoutSeconds(long askedSeconds) {
    return askedSeconds == 0
        ? DEFAULT_TIMEOUT_SECONDS
        : Math.min(askedSeconds, MAX_TIMEOUT_SECONDS);
  }

  /** Ends a session even where the export's rules would admit no other call. */
  @Override
  public CompletableFuture<VaaiReply<SessionEnded>> endSession(
      Requester requester, SessionEndCall call) {
    return Replies.now(
        () -> {
          sessions
              .end(sessions.use(call.session()))
              .forEach(job -> offload.abort(job, Caller.ROOT, SESSION_ENDED));
          return new SessionEnded();
        });
  }

  @Override
  public CompletableFuture<VaaiReply<SupportAnswer>> support(
      Requester requester, SupportCall call) {
    return Replies.now(
        () -> {
          Initiator initiator = admission.admit(requester, call.session()).initiator();
          Optional<VaaiPrimitive> primitive = VaaiPrimitive.ofCode(call.primitiveCode());
          return primitive.isEmpty()
              ? new SupportAnswer(false, 0, "primitive " + call.primitiveCode() + " is unknown")
              : VaaiMessages.supportOf(
                  offload.support(initiator, VaaiMessages.primitiveOf(primitive.get())));
        });
  }

  @Override
  public CompletableFuture<VaaiReply<CloneJob>> cloneFile(Requester requester, CloneCall call) {
    return Replies.later(
        () -> {
          Admission.Admitted to = admission.admit(requester, call.session());
          if (call.has(CloneFlags.OTHER_VOLUME) != call.sourceSession().isPresent()) {
            throw new OffloadFailure(
                OffloadError.INVALID_ARGUMENT,
                "a source session goes with the other-volume flag, and only with it");
          }
          if (call.has(CloneFlags.DRY_RUN)) {
            return start(requester, to, call);
          }
          return once(to, call.requestId(), call, () -> start(requester, to, call));
        });
  }

  /** A retransmission is judged by the rules of now as every call, though nothing runs. */
  private <T extends VaaiMessage> CompletableFuture<VaaiReply<T>> once(
      Admission.Admitted to,
      long requestId,
      VaaiMessage call,
      Supplier<CompletableFuture<VaaiReply<T>>> execution) {
    RequestLog requests = to.session().requests();
    if (requests.remembers(requestId)) {
      offload.admit(to.initiator());
    }
    return requests.once(
        requestId,
        new RequestLog.Request(call, to.initiator().access().caller()),
        () -> Replies.later(execution));
  }

  private CompletableFuture<VaaiReply<CloneJob>> start(
      Requester requester, Admission.Admitted to, CloneCall call) {
    VaaiExports.Access from =
        call.sourceSession().isPresent()
            ? admission.admit(requester, call.sourceSession().get()).initiator().access()
            : to.initiator().access();
    StartedClone clone =
        offload.startClone(
            new CloneOrder(
                to.initiator(),
                from,
                VaaiMessages.fileOf(call.source()),
                VaaiMessages.fileOf(call.destination()),
                VaaiMessages.optionsOf(call.flags()),
                to.session().patience()));
    if (clone.jobId() != 0 && !to.session().add(clone)) {
      JobSnapshot job = offload.abort(clone.jobId(), Caller.ROOT, SESSION_ENDED);
      if (job.state() == JobState.ABORTED) {
        throw new OffloadFailure(OffloadError.UNKNOWN_SESSION, SESSION_ENDED);
      }
    }
    return clone.answer().thenApply(job -> Replies.ofJob(VaaiMessages.jobOf(job)));
  }

  @Override
  public CompletableFuture<VaaiReply<CloneJob>> cloneStatus(Requester requester, JobCall call) {
    return Replies.now(
        () -> {
          admitToJob(requester, call);
          return VaaiMessages.jobOf(offload.job(call.jobId()));
        });
  }

  /** Aborts what can still be aborted; otherwise the answer tells how far the job came. */
  @Override
  public CompletableFuture<VaaiReply<CloneJob>> abortClone(Requester requester, JobCall call) {
    return Replies.now(
        () -> {
          Initiator initiator = admitToJob(requester, call);
          return VaaiMessages.jobOf(
              offload.abort(call.jobId(), initiator.access().caller(), "aborted by the host"));
        });
  }

  /**
   * Lets in who asks about a job, if the session may: a job of its own, or one that ended with an
   * earlier run of the array, whose sessions are gone.
   */
  private Initiator admitToJob(Requester requester, JobCall call) {
    Admission.Admitted admitted = admission.admit(requester, call.session());
    offload.admit(admitted.initiator());
    long jobId = call.jobId();
    if (!admitted.session().hasJob(jobId) && offload.job(jobId).state() != JobState.LOST) {
      throw new OffloadFailure(OffloadError.UNKNOWN_JOB, "no job " + Long.toUnsignedString(jobId));
    }
    return admitted.initiator();
  }

  @Override
  public CompletableFuture<VaaiReply<ReservedSpace>> reserveSpace(
      Requester requester, ReserveCall call) {
    return Replies.later(
        () -> {
          Admission.Admitted to = admission.admit(requester, call.session());
          return once(
              to,
              call.requestId(),
              call,
              () ->
                  Replies.of(
                      offload
                          .reserveSpace(
                              to.initiator(),
                              VaaiMessages.fileOf(call.file()),
                              VaaiMessages.modeOf(call.mode()),
                              call.sizeBytes())
                          .thenApply(VaaiMessages::reservedOf)));
        });
  }

  @Override
  public CompletableFuture<VaaiReply<ExtendedStatistics>> statistics(
      Requester requester, StatxCall call) {
    return Replies.now(
        () ->
            VaaiMessages.statisticsOf(
                offload.extendedStatistics(
                    admission.admit(requester, call.session()).initiator(),
                    VaaiMessages.fileOf(call.file()))));
  }
}
