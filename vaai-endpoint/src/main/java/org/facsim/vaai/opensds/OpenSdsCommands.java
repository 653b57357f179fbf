/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.opensds.CloneState;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsCommand;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.services.offload.ArrayErrors;
import org.facsim.services.offload.ByteString;
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
import org.facsim.services.offload.VaaiExports;

/**
 * The commands of the dialect as offloads.
 *
 * <p>The wire has no session: who asks is told by each call, and which export by the destination's
 * handle. A clone is found again by its destination.
 */
public final class OpenSdsCommands {
  /** The plugin waits for ten seconds; then it polls. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final StorageArray array;
  private final VaaiExports exports;
  private final Offload offload;
  private final OpenSdsFlags flags;
  private final CloneRetransmissions clones;

  public OpenSdsCommands(
      StorageArray array, VaaiExports exports, Offload offload, OpenSdsFlags flags) {
    this.array = Objects.requireNonNull(array);
    this.exports = Objects.requireNonNull(exports);
    this.offload = Objects.requireNonNull(offload);
    this.flags = Objects.requireNonNull(flags);
    this.clones = new CloneRetransmissions(System::nanoTime, this::isThere);
  }

  /**
   * How a call came.
   *
   * @param xid which a client keeps when it sends a call again
   * @param origin its connection
   */
  record Transmission(int xid, CallOrigin origin) {}

  /**
   * Forgets the clones that were asked for, because a named state is being restored. Takes no lock
   * that anybody holds while it calls the array.
   */
  public void forgetClones() {
    clones.forgetAll();
  }

  /** Where a command is aimed at, and by whom. */
  private record Target(Inode inode, Initiator initiator) {
    VaaiExports.Access access() {
      return initiator.access();
    }

    FileRef file() {
      return FileRef.byHandle(inode.handle().toBytes());
    }
  }

  /** Whether the destination's volume is offloaded in this dialect. */
  boolean areServed(OpenSdsCall call, Requester requester) {
    try {
      offload.admit(target(call.destination(), requester).initiator());
      return true;
    } catch (OffloadFailure refused) {
      // Any other refusal is told by the command.
      return refused.error() != OffloadError.NOT_SUPPORTED;
    }
  }

  /**
   * Carries a command out.
   *
   * @param transmission by which a clone that is sent again is known
   * @return completes when the answer is due; fails with a {@link OffloadFailure} if it is a
   *     refusal
   * @throws OffloadFailure likewise
   */
  CompletableFuture<OpenSdsReply> run(
      OpenSdsCommand command,
      OpenSdsCall call,
      OpenSdsRequest request,
      Requester requester,
      Transmission transmission) {
    Target target = target(call.destination(), requester);
    int code = command.code();
    return switch (command) {
      case CLONE -> cloneFile(target, call, request, requester, transmission);
      case RESERVE ->
          offload
              .reserveSpace(target.initiator(), target.file(), ReserveMode.LAZY_ZEROED, 0)
              .thenApply(reserved -> OpenSdsReply.ok(code));
      case STATISTICS -> now(statistics(target));
      case PROGRESS -> now(progress(code, jobInto(target)));
      case ABORT -> now(abort(target));
      case CLONE_SUPPORT ->
          now(support(target, command, Primitive.FULL_CLONE, Primitive.LAZY_CLONE));
      case RESERVE_SUPPORT -> now(support(target, command, Primitive.RESERVE_SPACE));
      case STATISTICS_SUPPORT -> now(support(target, command, Primitive.EXTENDED_STATISTICS));
    };
  }

  private static CompletableFuture<OpenSdsReply> now(OpenSdsReply reply) {
    return CompletableFuture.completedFuture(reply);
  }

  private Target target(Nfs3Handle handle, Requester requester) {
    Inode inode = resolve(handle);
    return new Target(
        inode,
        new Initiator(
            requester.clientAddress(), Dialect.OPENSDS, access(inode.volume(), requester)));
  }

  private Inode resolve(Nfs3Handle handle) {
    try {
      return array.resolve(FileHandle.readFrom(ByteBuffer.wrap(handle.toBytes())));
    } catch (ArrayException e) {
      throw ArrayErrors.failureOf(e);
    }
  }

  private VaaiExports.Access access(Volume volume, Requester requester) {
    return exports
        .access(volume, requester)
        .orElseThrow(
            () ->
                new OffloadFailure(
                    OffloadError.ACCESS_DENIED,
                    volume.name() + " is not exported to " + requester.clientAddress()));
  }

  private CompletableFuture<OpenSdsReply> cloneFile(
      Target target,
      OpenSdsCall call,
      OpenSdsRequest request,
      Requester requester,
      Transmission transmission) {
    Nfs3Handle sourceHandle =
        call.source()
            .orElseThrow(
                () ->
                    new OffloadFailure(OffloadError.INVALID_ARGUMENT, "a clone without a source"));
    Inode source = resolve(sourceHandle);
    boolean within = source.volume().id() == target.inode().volume().id();
    VaaiExports.Access from = within ? target.access() : access(source.volume(), requester);
    CloneOptions options = flags.optionsOf(request.cloneFlags());
    CloneOrder order =
        new CloneOrder(
            target.initiator(),
            from,
            FileRef.byHandle(source.handle().toBytes()),
            destination(target, request, options),
            options,
            PATIENCE);
    CloneRetransmissions.Key key =
        new CloneRetransmissions.Key(
            requester.clientAddress(), target.access().caller().uid(), transmission.xid(), call);
    return clones
        .once(key, transmission.origin(), () -> offload.startClone(order).answer())
        .thenApply(job -> progress(OpenSdsCommand.CLONE.code(), job));
  }

  /** Whether the file that a clone went to is still the one that it was. */
  private boolean isThere(JobSnapshot job) {
    if (job.error().isPresent() || job.destination().isEmpty()) {
      return false;
    }
    try {
      array.resolve(job.destination().get());
      return true;
    } catch (ArrayException gone) {
      return false;
    }
  }

  /** A lazy clone names the directory of the file that is to be made, and its path. */
  private static FileRef destination(Target target, OpenSdsRequest request, CloneOptions options) {
    boolean isDirectory = target.inode().attributes().type() == FileType.DIRECTORY;
    if (!options.has(CloneOption.LAZY) || !isDirectory) {
      return target.file();
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
    return new FileRef.ByEntry(
        ByteString.of(target.inode().handle().toBytes()),
        ByteString.of(Arrays.copyOfRange(path, start, end)));
  }

  private OpenSdsReply statistics(Target target) {
    SpaceUse space = offload.extendedStatistics(target.initiator(), target.file());
    return OpenSdsReply.statistics(
        OpenSdsCommand.STATISTICS.code(),
        space.totalBytes(),
        space.allocatedBytes(),
        space.uniqueBytes());
  }

  private JobSnapshot jobInto(Target target) {
    offload.admit(target.initiator());
    return offload
        .lastJobInto(target.inode().handle())
        .orElseThrow(
            () -> new OffloadFailure(OffloadError.UNKNOWN_JOB, "no clone into this file is known"));
  }

  /** A job that ended badly answers with what ended it. */
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

  /** One that comes too late is OK. */
  private OpenSdsReply abort(Target target) {
    JobSnapshot job = jobInto(target);
    offload.abort(job.jobId(), target.access().caller(), "aborted by the host");
    return OpenSdsReply.ok(OpenSdsCommand.ABORT.code());
  }

  /** Rules of the export that refuse the host are a no, not an error. */
  private OpenSdsReply support(Target target, OpenSdsCommand command, Primitive... primitives) {
    boolean supported = false;
    try {
      for (Primitive primitive : primitives) {
        supported |= offload.support(target.initiator(), primitive).supported();
      }
    } catch (OffloadFailure refused) {
      if (refused.error() != OffloadError.ACCESS_DENIED) {
        throw refused;
      }
    }
    return OpenSdsReply.support(command.code(), supported);
  }
}
