/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.array.FileSpace;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
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
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionLimits;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The VAAI operations over an array.
 *
 * <p>Each call goes the same way: the session, then the export's rules for whoever calls now, then
 * the operation.
 */
public final class VaaiEndpoint implements VaaiOperations {
  /** Granted to a host that names no timeout, as ESXi's plugins have it. */
  public static final long DEFAULT_TIMEOUT_SECONDS = 10;

  /** The longest timeout granted. */
  public static final long MAX_TIMEOUT_SECONDS = 300;

  private static final Logger LOG = LoggerFactory.getLogger(VaaiEndpoint.class);
  private static final String NO_RESERVATIONS = "this array does not reserve space";

  private final VaaiOptions options;
  private final SessionTable sessions;
  private final Admission admission;
  private final FileLocator locator;
  private final CloneOperation clones;
  private final VaaiStatistics statistics = new VaaiStatistics();

  public VaaiEndpoint(StorageArray array, VaaiExports exports, VaaiOptions options) {
    this(array, exports, options, Durability.of(array));
  }

  VaaiEndpoint(
      StorageArray array, VaaiExports exports, VaaiOptions options, Durability durability) {
    this.options = Objects.requireNonNull(options);
    this.sessions = new SessionTable(options);
    this.admission = new Admission(sessions, Objects.requireNonNull(exports));
    this.locator = new FileLocator(Objects.requireNonNull(array));
    this.clones =
        new CloneOperation(durability, sessions, admission, new FileCloner(locator), options);
  }

  /** What clients did through this door. */
  public VaaiStatistics statistics() {
    return statistics;
  }

  @Override
  public CompletableFuture<VaaiReply<SessionGrant>> startSession(
      Requester requester, SessionStartCall call) {
    return Replies.now(() -> grant(requester, call));
  }

  private SessionGrant grant(Requester requester, SessionStartCall call) {
    if (call.protocolVersion() != VaaiNas.PROTOCOL_VERSION) {
      throw new VaaiFailure(
          VaaiStatus.VERSION,
          "protocol version " + call.protocolVersion() + ", served: " + VaaiNas.PROTOCOL_VERSION);
    }
    if (!options.fileSystemVersions().contains(call.fileSystemVersion())) {
      throw new VaaiFailure(
          VaaiStatus.VERSION,
          "file-system version "
              + call.fileSystemVersion()
              + ", served: "
              + options.fileSystemVersions());
    }
    Volume volume = admission.access(call.exportPath(), requester).volume();
    String client = requester.clientAddress();
    Session session =
        sessions.start(call.exportPath(), client, statistics.of(volume.name(), client));
    LOG.debug(
        "session {} on {} for {} at {}",
        session.id(),
        call.exportPath(),
        call.clientName(),
        client);
    return new SessionGrant(
        session.id(),
        Opaque.of(volume.root().handle().toBytes()),
        grantedTimeoutSeconds(call.timeoutSeconds()),
        limits());
  }

  private static long grantedTimeoutSeconds(long askedSeconds) {
    return askedSeconds == 0
        ? DEFAULT_TIMEOUT_SECONDS
        : Math.min(askedSeconds, MAX_TIMEOUT_SECONDS);
  }

  private SessionLimits limits() {
    return new SessionLimits(
        options.lease().toSeconds(),
        0,
        0,
        options.maxRequests(),
        Volume.BLOCK_BYTES,
        Volume.MAX_FILE_BYTES);
  }

  /** Ends a session even where the export's rules would admit no other call. */
  @Override
  public CompletableFuture<VaaiReply<SessionEnded>> endSession(
      Requester requester, SessionEndCall call) {
    return Replies.now(
        () -> {
          Session session = sessions.use(call.session());
          sessions.end(session);
          session.unfinishedJobs().forEach(job -> job.abort("the session ended"));
          return new SessionEnded();
        });
  }

  @Override
  public CompletableFuture<VaaiReply<SupportAnswer>> support(
      Requester requester, SupportCall call) {
    return Replies.now(
        () ->
            supportAnswer(
                admission.admit(requester, call.session()).access(), call.primitiveCode()));
  }

  private static SupportAnswer supportAnswer(VaaiExports.Access access, int primitiveCode) {
    Optional<VaaiPrimitive> primitive = VaaiPrimitive.ofCode(primitiveCode);
    if (primitive.isEmpty()) {
      return new SupportAnswer(false, 0, "primitive " + primitiveCode + " is unknown");
    }
    return switch (primitive.get()) {
      case FULL_CLONE -> cloneSupport(access, CloneFlags.DRY_RUN | CloneFlags.GUARDED);
      case LAZY_CLONE ->
          cloneSupport(access, CloneFlags.LAZY | CloneFlags.DRY_RUN | CloneFlags.GUARDED);
      case EXTENDED_STATISTICS -> new SupportAnswer(true, 0, "");
      case RESERVE_SPACE -> new SupportAnswer(false, 0, NO_RESERVATIONS);
      case CLONE_ACROSS_VOLUMES -> new SupportAnswer(false, 0, FileCloner.NOT_ACROSS_VOLUMES);
    };
  }

  private static SupportAnswer cloneSupport(VaaiExports.Access access, int flags) {
    return access.readOnly()
        ? new SupportAnswer(false, 0, FileCloner.READ_ONLY)
        : new SupportAnswer(true, flags, "");
  }

  @Override
  public CompletableFuture<VaaiReply<CloneJob>> cloneFile(Requester requester, CloneCall call) {
    return Replies.later(() -> clones.cloneFile(requester, call));
  }

  @Override
  public CompletableFuture<VaaiReply<CloneJob>> cloneStatus(Requester requester, JobCall call) {
    return Replies.now(() -> job(requester, call).snapshot());
  }

  /** Aborts what can still be aborted; otherwise the answer tells how far the job came. */
  @Override
  public CompletableFuture<VaaiReply<CloneJob>> abortClone(Requester requester, JobCall call) {
    return Replies.now(() -> job(requester, call).abort("aborted by the host"));
  }

  private CloneWork job(Requester requester, JobCall call) {
    return admission
        .admit(requester, call.session())
        .session()
        .job(call.jobId())
        .orElseThrow(
            () -> new VaaiFailure(VaaiStatus.JOB, "no job " + Long.toUnsignedString(call.jobId())));
  }

  @Override
  public CompletableFuture<VaaiReply<ReservedSpace>> reserveSpace(
      Requester requester, ReserveCall call) {
    return Replies.now(
        () ->
            counted(
                call.session(),
                VaaiCounter.RESERVE_SPACE_SUCCESS,
                VaaiCounter.RESERVE_SPACE_FAILURE,
                () -> reserve(requester, call)));
  }

  private ReservedSpace reserve(Requester requester, ReserveCall call) {
    VaaiExports.Access access = admission.admit(requester, call.session()).access();
    throw new VaaiFailure(
        access.readOnly() ? VaaiStatus.ROFS : VaaiStatus.NOTSUPP,
        access.readOnly() ? FileCloner.READ_ONLY : NO_RESERVATIONS);
  }

  @Override
  public CompletableFuture<VaaiReply<ExtendedStatistics>> statistics(
      Requester requester, StatxCall call) {
    return Replies.now(
        () ->
            counted(
                call.session(),
                VaaiCounter.EXT_STATS_SUCCESS,
                VaaiCounter.EXT_STATS_FAILURE,
                () -> {
                  Admission.Admitted admitted = admission.admit(requester, call.session());
                  return spaceOf(locator.existing(admitted.access(), call.file()));
                }));
  }

  private static ExtendedStatistics spaceOf(Inode file) {
    FileCloner.requireRegular(file, "file");
    FileSpace space = file.volume().space(file);
    return new ExtendedStatistics(
        space.logicalBytes(),
        space.referencedBytes(),
        space.exclusiveBytes(),
        space.sharedBytes(),
        space.reservedBytes(),
        space.chargedBytes());
  }

  /** Counts how an operation ends, if its session is known. */
  private <T> T counted(
      SessionId id, VaaiCounter success, VaaiCounter failure, Supplier<T> operation) {
    VaaiStatistics.Counters counters = sessions.use(id).counters();
    boolean succeeded = false;
    try {
      T result = operation.get();
      succeeded = true;
      return result;
    } finally {
      counters.count(succeeded ? success : failure);
    }
  }
}
