/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.opensds.CloneState;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.services.access.Grant;
import org.facsim.services.access.Grants;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.StatusRefusal;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.ArrayErrors;
import org.facsim.services.offload.CloneOption;
import org.facsim.services.offload.CloneOptions;
import org.facsim.services.offload.CloneOrder;
import org.facsim.services.offload.Dialect;
import org.facsim.services.offload.FileRef;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.Offload;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.Primitive;
import org.facsim.services.offload.Requester;
import org.facsim.services.offload.ReserveMode;
import org.facsim.services.offload.SpaceUse;

/**
 * Executes the commands of the dialect as offloads.
 *
 * <p>The wire has no session. Each call says who asks, and the destination's handle says which
 * export is meant. A clone is found again by its destination.
 */
public final class OpenSdsCommands {
  /** The plugin waits for ten seconds; then it polls. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Grants grants;
  private final Offload offload;
  private final OpenSdsFlags flags;
  private final CloneRetransmissions clones;

  public OpenSdsCommands(Grants grants, Offload offload, OpenSdsFlags flags) {
    this.grants = Objects.requireNonNull(grants);
    this.offload = Objects.requireNonNull(offload);
    this.flags = Objects.requireNonNull(flags);
    this.clones = new CloneRetransmissions(System::nanoTime, this::isThere);
  }

  /**
   * How a call was sent.
   *
   * @param xid the transaction id, which a client keeps when it sends a call again
   * @param origin its connection
   */
  record Transmission(int xid, CallOrigin origin) {}

  /**
   * Forgets the clones that were asked for, because a named state is being restored. Takes no lock
   * that a thread may hold while it calls the array.
   */
  public void forgetClones() {
    clones.forgetAll();
  }

  /**
   * The host that a call comes from and what it may do to the destination that it names. If it may
   * do nothing, its command answers why.
   */
  record Aim(Initiator initiator, OffloadFailure refusal) {
    Initiator orRefused() {
      if (refusal != null) {
        throw refusal;
      }
      return initiator;
    }
  }

  /** Looks for the destination, once for each call. */
  Aim aim(OpenSdsCall call, Requester requester) {
    try {
      return new Aim(
          new Initiator(
              requester.clientAddress(), Dialect.OPENSDS, grant(call.destination(), requester)),
          null);
    } catch (OffloadFailure refused) {
      return new Aim(null, refused);
    }
  }

  private Grant grant(Nfs3Handle handle, Requester requester) {
    try {
      FileHandle file = FileHandle.readFrom(ByteBuffer.wrap(handle.toBytes()));
      try {
        return grants.toFile(file, requester.client(), requester.claimed().orElse(null));
      } catch (ArrayException refused) {
        throw refused.error() == ArrayError.STALE ? ofUnexported(file) : refused;
      }
    } catch (ArrayException e) {
      throw ArrayErrors.failureOf(e);
    }
  }

  /**
   * If the volume is exported to nobody, the client is refused. If the file is gone, the handle is
   * stale.
   */
  private ArrayException ofUnexported(FileHandle file) {
    Inode found = grants.find(file);
    return new ArrayException(
        ArrayError.ACCESS_DENIED, "volume " + found.volume().name() + " is not exported");
  }

  /** Whether the destination's volume is offloaded in this dialect. */
  boolean areServed(Aim aim) {
    if (aim.refusal != null) {
      return true;
    }
    try {
      offload.admit(aim.initiator);
      return true;
    } catch (OffloadFailure refused) {
      // The command answers any other refusal.
      return refused.error() != OffloadError.NOT_SUPPORTED;
    }
  }

  /**
   * Executes a command.
   *
   * @param transmission by which a clone that is sent again is recognized
   * @return completes when the answer is due; fails with an {@link OffloadFailure} if the call is
   *     refused
   * @throws OffloadFailure likewise
   */
  CompletableFuture<OpenSdsReply> run(
      OpenSdsCommand command,
      Aim aim,
      OpenSdsCall call,
      OpenSdsRequest request,
      Requester requester,
      Transmission transmission) {
    if (command == OpenSdsCommand.CLONE && aim.refusal() != null) {
      throw notStarted(
          report(requester, null, request, FileRef.granted()), Precondition.EXPORT, aim.refusal());
    }
    Initiator initiator = aim.orRefused();
    int code = command.code();
    if (command != OpenSdsCommand.CLONE) {
      pass(requester, command, initiator.grant(), null);
    }
    return switch (command) {
      case CLONE -> cloneFile(initiator, call, request, requester, transmission);
      case RESERVE ->
          offload
              .reserveSpace(initiator, FileRef.granted(), ReserveMode.LAZY_ZEROED, 0)
              .thenApply(reserved -> OpenSdsReply.ok(code));
      case STATISTICS -> now(statistics(initiator));
      case PROGRESS -> now(progress(code, jobInto(initiator)));
      case ABORT -> now(abort(initiator));
      case CLONE_SUPPORT ->
          now(support(initiator, command, Primitive.FULL_CLONE, Primitive.FAST_CLONE));
      case RESERVE_SUPPORT -> now(support(initiator, command, Primitive.RESERVE_SPACE));
      case STATISTICS_SUPPORT -> now(support(initiator, command, Primitive.EXTENDED_STATISTICS));
    };
  }

  /** The operation point of the call chain. */
  private static void pass(Requester requester, OpenSdsCommand command, Grant to, Grant from) {
    if (requester.call() == null) {
      return;
    }
    try {
      requester
          .call()
          .brings(command, null, null)
          .operation(to.file(), from == null ? null : from.file(), to.caller());
    } catch (ArrayException refused) {
      throw ArrayErrors.failureOf(refused);
    }
  }

  private static CompletableFuture<OpenSdsReply> now(OpenSdsReply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  private CompletableFuture<OpenSdsReply> cloneFile(
      Initiator initiator,
      OpenSdsCall call,
      OpenSdsRequest request,
      Requester requester,
      Transmission transmission) {
    CloneOrder order = order(initiator, call, request, requester);
    CloneRetransmissions.Key key =
        new CloneRetransmissions.Key(
            requester.clientAddress(), initiator.grant().caller().uid(), transmission.xid(), call);
    AtomicBoolean isFirst = new AtomicBoolean();
    CompletableFuture<JobSnapshot> answer =
        clones.once(
            key,
            transmission.origin(),
            () -> {
              isFirst.set(true);
              passOrTell(requester, order);
              return offload.startClone(order).answer();
            });
    if (!isFirst.get() && requester.call() != null) {
      requester.call().answersFromMemory();
    }
    return answer.thenApply(job -> progress(OpenSdsCommand.CLONE.code(), job));
  }

  private void passOrTell(Requester requester, CloneOrder order) {
    try {
      pass(requester, OpenSdsCommand.CLONE, order.initiator().grant(), order.sourceGrant());
    } catch (OffloadFailure | StatusRefusal | CallOverruled fault) {
      order.report().fails(Precondition.FAULT, fault);
      offload.notStarted(offload.examine(order), nameOf(fault), fault.getMessage());
      throw fault;
    }
  }

  private static String nameOf(RuntimeException fault) {
    if (fault instanceof OffloadFailure failure) {
      return failure.error().name();
    }
    return fault instanceof StatusRefusal refusal ? refusal.status().name() : "NO_ANSWER";
  }

  private CloneOrder order(
      Initiator initiator, OpenSdsCall call, OpenSdsRequest request, Requester requester) {
    Grant from;
    FileRef destination;
    CloneOptions options = flags.optionsOf(request.cloneFlags());
    try {
      destination = destination(initiator.grant(), request, options);
      from = grant(source(call), requester);
    } catch (OffloadFailure refused) {
      boolean isRequest = refused.error() == OffloadError.INVALID_ARGUMENT;
      throw notStarted(
          report(requester, initiator.grant(), request, FileRef.granted()),
          isRequest ? Precondition.REQUEST : Precondition.SOURCE,
          refused);
    }
    return new CloneOrder(
        initiator,
        from,
        FileRef.granted(),
        destination,
        options,
        PATIENCE,
        report(requester, initiator.grant(), request, destination));
  }

  private static Nfs3Handle source(OpenSdsCall call) {
    return call.source()
        .orElseThrow(
            () -> new OffloadFailure(OffloadError.INVALID_ARGUMENT, "a clone without a source"));
  }

  private CloneReport report(
      Requester requester, Grant grantOrNull, OpenSdsRequest request, FileRef destination) {
    String path = request.name().map(Opaque::toBytes).map(OpenSdsCommands::text).orElse("");
    FileRef named = path.isEmpty() ? destination : FileRef.byPath(path);
    return CloneOrder.report(
        requester.clientAddress(),
        Dialect.OPENSDS,
        grantOrNull,
        FileRef.granted(),
        named,
        flags.optionsOf(request.cloneFlags()),
        requester.size());
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private OffloadFailure notStarted(
      CloneReport report, Precondition precondition, OffloadFailure refused) {
    report.fails(precondition, refused);
    offload.notStarted(report, refused.error().name(), refused.getMessage());
    return refused;
  }

  /**
   * Refuses a clone on a volume that is not offloaded in this dialect, where there is no procedure
   * 22.
   */
  void notServed(Aim aim, OpenSdsCall call, OpenSdsRequest request, Requester requester) {
    CloneOrder order = order(aim.initiator(), call, request, requester);
    CloneReport report = offload.examine(order);
    offload.notStarted(report, OffloadError.NOT_SUPPORTED.name(), report.reason());
  }

  /** A fault has decided about a clone when its call arrived; it may have been made before. */
  void notExecuted(
      Aim aim,
      OpenSdsCall call,
      OpenSdsRequest request,
      Requester requester,
      Transmission transmission,
      String words,
      boolean isKeptBack) {
    OffloadFailure fault = new OffloadFailure(OffloadError.BUSY, words);
    if (aim.refusal() != null) {
      CloneReport report = report(requester, null, request, FileRef.granted());
      report.fails(Precondition.FAULT, fault);
      offload.notExecuted(report, words, isKeptBack);
      return;
    }
    long uid = aim.initiator().grant().caller().uid();
    CloneRetransmissions.Key key =
        new CloneRetransmissions.Key(requester.clientAddress(), uid, transmission.xid(), call);
    if (clones.remembers(key, transmission.origin())) {
      return;
    }
    CloneOrder order = order(aim.initiator(), call, request, requester);
    order.report().fails(Precondition.FAULT, fault);
    offload.notExecuted(offload.examine(order), words, isKeptBack);
  }

  /** Whether the destination of a clone is still the same file. */
  private boolean isThere(JobSnapshot job) {
    if (job.error().isPresent() || job.destination().isEmpty()) {
      return false;
    }
    try {
      grants.find(job.destination().get());
      return true;
    } catch (ArrayException gone) {
      return false;
    }
  }

  /** A lazy clone names the directory of the file that is to be made, and its path. */
  private static FileRef destination(Grant grant, OpenSdsRequest request, CloneOptions options) {
    boolean isDirectory = grant.file().attributes().type() == FileType.DIRECTORY;
    if (!options.has(CloneOption.LAZY) || !isDirectory) {
      return FileRef.granted();
    }
    byte[] path = request.name().map(Opaque::toBytes).orElse(new byte[0]);
    int end = path.length;
    int start = end;
    while (start > 0 && path[start - 1] != '/') {
      start--;
    }
    if (start == end) {
      throw new OffloadFailure(
          OffloadError.INVALID_ARGUMENT, "a lazy clone without the name of its destination");
    }
    return FileRef.inGranted(Arrays.copyOfRange(path, start, end));
  }

  private OpenSdsReply statistics(Initiator initiator) {
    SpaceUse space = offload.extendedStatistics(initiator, FileRef.granted());
    return OpenSdsReply.statistics(
        OpenSdsCommand.STATISTICS.code(),
        space.totalBytes(),
        space.allocatedBytes(),
        space.uniqueBytes());
  }

  private JobSnapshot jobInto(Initiator initiator) {
    offload.admit(initiator);
    return offload
        .lastJobInto(initiator.grant().file().handle())
        .orElseThrow(
            () -> new OffloadFailure(OffloadError.UNKNOWN_JOB, "no clone into this file is known"));
  }

  /** For a job that failed, the answer is its error. */
  private static OpenSdsReply progress(int commandCode, JobSnapshot job) {
    return switch (job.state()) {
      case QUEUED -> OpenSdsReply.progress(commandCode, CloneState.STARTED, job.doneBytes());
      case RUNNING -> OpenSdsReply.progress(commandCode, CloneState.COPYING, job.doneBytes());
      case NONE, SUCCEEDED ->
          OpenSdsReply.progress(commandCode, CloneState.COMPLETE, job.doneBytes());
      case FAILED, ABORTED, LOST ->
          OpenSdsFailures.replyOf(job.error().orElse(OffloadError.DEFECT), commandCode);
    };
  }

  /** An abort that comes too late is answered OK. */
  private OpenSdsReply abort(Initiator initiator) {
    JobSnapshot job = jobInto(initiator);
    offload.abort(job.jobId(), initiator.grant().caller(), "aborted by the host");
    return OpenSdsReply.ok(OpenSdsCommand.ABORT.code());
  }

  /** If the export's rules refuse the host, the answer is "not supported" and no error. */
  private OpenSdsReply support(
      Initiator initiator, OpenSdsCommand command, Primitive... primitives) {
    boolean supported = false;
    try {
      for (Primitive primitive : primitives) {
        supported |= offload.support(initiator, primitive).supported();
      }
    } catch (OffloadFailure refused) {
      if (refused.error() != OffloadError.ACCESS_DENIED) {
        throw refused;
      }
    }
    return OpenSdsReply.support(command.code(), supported);
  }
}
