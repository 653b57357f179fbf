/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.ExtendedStatistics;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SessionEnded;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiRange;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiSession;
import org.facsim.protocol.vaai.VaaiStatus;

/**
 * A VAAI-NAS session for one datastore, started at first use. The array answers a clone call at
 * once, or it returns a job, which is polled until it ends. A job that makes no progress, or that
 * the array no longer tells of, is aborted before the host copies. One thread at a time clones and
 * reserves; UNMAPs come from any thread meanwhile.
 */
final class VaaiOffload implements CloneOffload {
  /** How long a closing host waits for the end of its session; the array may be gone. */
  private static final long FAREWELL_SECONDS = 5;

  private final VaaiClient client;
  private final MountVersion version;
  private final LazySession session;
  private final Patience patience;
  private final HostTime time;

  /** Read without the lock, which a clone may hold for long. */
  private volatile HardwareAcceleration acceleration;

  /** A session that is not started yet. */
  VaaiOffload(VaaiClient client, String exportPath, MountVersion version, HostSide host) {
    this.client = client;
    this.version = version;
    this.session = new LazySession(client, exportPath, version, host.hostName());
    this.patience = host.patience();
    this.time = host.time();
  }

  @Override
  public Optional<HardwareAcceleration> knownAcceleration() {
    return Optional.ofNullable(acceleration);
  }

  @Override
  public synchronized void forget() {
    acceleration = null;
    session.forget();
  }

  @Override
  public synchronized HardwareAcceleration acceleration() {
    if (acceleration == null) {
      acceleration = askAcceleration();
    }
    return acceleration;
  }

  private HardwareAcceleration askAcceleration() {
    try {
      VaaiSession here = startSession();
      return new HardwareAcceleration(
          supports(here, VaaiPrimitive.FULL_CLONE),
          supports(here, VaaiPrimitive.CLONE_ACROSS_VOLUMES),
          supports(here, VaaiPrimitive.LAZY_CLONE),
          supports(here, VaaiPrimitive.EXTENDED_STATISTICS),
          supports(here, VaaiPrimitive.RESERVE_SPACE),
          supportsUnmap(here),
          null);
    } catch (OffloadException e) {
      return HardwareAcceleration.unavailable(e.getMessage());
    }
  }

  private static boolean supports(VaaiSession here, VaaiPrimitive primitive) {
    return answer(here.support(primitive)).supported();
  }

  /**
   * An array that serves version 1 of the program only refuses the question. ESXi sends no UNMAP
   * over NFS 4.1, so the host does not ask there.
   */
  private boolean supportsUnmap(VaaiSession here) {
    if (version != MountVersion.NFS3) {
      return false;
    }
    try {
      return supports(here, VaaiPrimitive.UNMAP_RANGES);
    } catch (OffloadException older) {
      return false;
    }
  }

  private VaaiSession startSession() {
    return OffloadException.await(session.started());
  }

  @Override
  public synchronized void cloneFile(
      Datastore sourceDatastore,
      DatastoreFile source,
      DatastoreFile destination,
      TransferProgress progress) {
    cloneFile(0, sourceDatastore, source, destination, progress);
  }

  @Override
  public synchronized void fastCloneFile(
      Datastore sourceDatastore,
      DatastoreFile source,
      DatastoreFile destination,
      TransferProgress progress) {
    cloneFile(CloneFlags.LAZY, sourceDatastore, source, destination, progress);
  }

  private void cloneFile(
      int flags,
      Datastore sourceDatastore,
      DatastoreFile source,
      DatastoreFile destination,
      TransferProgress progress) {
    CloneJob job = request(flags, sourceDatastore, source, destination);
    try {
      job = ended(job, progress);
    } catch (RuntimeException failure) {
      job = abandoned(job, failure);
    }
    if (job.state() != JobState.SUCCEEDED) {
      throw new OffloadException(LazySession.describe(job.outcome(), job.reason()));
    }
    progress.transferred(job.totalBytes(), job.totalBytes());
  }

  /**
   * Polls a job until it ends. Whatever this throws, the job may still run.
   *
   * @throws OffloadException if the job stands still, or if the array does not say how it is
   * @throws RuntimeException what the callback throws
   */
  private CloneJob ended(CloneJob started, TransferProgress progress) {
    CloneJob job = started;
    Instant lastProgress = time.now();
    while (!job.state().isFinal()) {
      pause();
      CloneJob now = LazySession.valueOf(inSession(here -> here.cloneStatus(started.jobId())));
      if (!now.state().isFinal()) {
        progress.transferred(now.doneBytes(), now.totalBytes());
      }
      if (now.doneBytes() > job.doneBytes()) {
        lastProgress = time.now();
      } else if (Duration.between(lastProgress, time.now()).compareTo(patience.stall()) > 0) {
        throw new OffloadException("no progress for " + patience.stall().toSeconds() + " s");
      }
      job = now;
    }
    return job;
  }

  @Override
  public synchronized long reserveSpace(DatastoreFile file, boolean eagerly, long sizeBytes) {
    VaaiReply<ReservedSpace> reply =
        inSession(
            here ->
                here.reserveSpace(
                    VaaiFile.byHandle(file.ref().handleBytes()),
                    eagerly ? ReserveMode.EAGER_ZEROED : ReserveMode.LAZY_ZEROED,
                    sizeBytes));
    if (reply.status() == VaaiStatus.NOSPC) {
      throw new DatastoreException(
          DatastoreError.DISK_FULL,
          "%s: %s".formatted(file.path(), LazySession.describe(reply.status(), reply.reason())));
    }
    if (!reply.isOk()) {
      throw new OffloadException(LazySession.describe(reply.status(), reply.reason()));
    }
    return reply.value().reservedBytes();
  }

  @Override
  public synchronized Space extendedStatistics(DatastoreFile file) {
    ExtendedStatistics space =
        LazySession.valueOf(
            inSession(here -> here.statistics(VaaiFile.byHandle(file.ref().handleBytes()))));
    return new Space(space.totalBytes(), space.allocatedBytes(), space.uniqueBytes());
  }

  /**
   * Makes a call in the session, or in a new one if the array has forgotten the session. If the
   * connection sent the call twice, the array may have executed it before it restarted. Only calls
   * that do no harm when they are executed twice may be made this way.
   */
  private <T extends VaaiMessage> VaaiReply<T> inSession(
      Function<VaaiSession, CompletableFuture<VaaiReply<T>>> call) {
    return OffloadException.await(inSessionLater(call));
  }

  private <T extends VaaiMessage> CompletableFuture<VaaiReply<T>> inSessionLater(
      Function<VaaiSession, CompletableFuture<VaaiReply<T>>> call) {
    return session
        .started()
        .thenCompose(
            here ->
                call.apply(here)
                    .thenCompose(
                        reply -> {
                          if (reply.status() != VaaiStatus.SESSION) {
                            return CompletableFuture.completedFuture(reply);
                          }
                          session.forget(here);
                          return session.started().thenCompose(call);
                        }));
  }

  /**
   * Each attempt is a request of its own. If the array has forgotten the session, a new one is
   * started, once. It makes no difference whether an earlier transmission was executed, because a
   * full clone into a file that only this host uses has the same result when it is made twice.
   *
   * @throws DatastoreException if the array gives no answer and may have begun a job
   */
  private CloneJob request(
      int flags, Datastore sourceDatastore, DatastoreFile source, DatastoreFile destination) {
    boolean renewed = false;
    for (int attempt = 0; ; attempt++) {
      VaaiSession here = startSession();
      VaaiReply<CloneJob> reply =
          answerTo(cloneCall(here, flags, sourceDatastore, source, destination));
      if (reply.isOk()) {
        return reply.value();
      }
      boolean busy =
          reply.status() == VaaiStatus.BUSY || reply.status() == VaaiStatus.TOO_MANY_CLONES;
      if (reply.status() == VaaiStatus.SESSION && !renewed) {
        renewed = true;
        session.forget(here);
        if (sourceDatastore.offload() instanceof VaaiOffload other && other != this) {
          other.session.forget(other.startSession());
        }
      } else if (busy && attempt < patience.busyRetries()) {
        pause();
      } else {
        throw new OffloadException(LazySession.describe(reply.status(), reply.reason()));
      }
    }
  }

  private VaaiReply<CloneJob> answerTo(CloneCall call) {
    try {
      return OffloadException.await(client.cloneFile(call));
    } catch (OffloadException silence) {
      endSessionOf("a clone that the array may have begun", silence);
      throw silence;
    }
  }

  private CloneCall cloneCall(
      VaaiSession here,
      int flags,
      Datastore sourceDatastore,
      DatastoreFile source,
      DatastoreFile destination) {
    return new CloneCall(
        here.grant().session(),
        here.nextRequestId(),
        sourceDatastore.offload() == this ? flags : flags | CloneFlags.OTHER_VOLUME,
        sourceDatastore.offload() instanceof VaaiOffload other && other != this
            ? Optional.of(other.startSession().grant().session())
            : Optional.empty(),
        VaaiFile.byHandle(source.ref().handleBytes()),
        VaaiFile.byHandle(destination.ref().handleBytes()));
  }

  /**
   * Sees to it that a job which the host no longer waits for changes nothing later: if the host
   * copied while the job still ran, the job would in the end replace what the guest wrote to the
   * copy since.
   *
   * @param failure why the host no longer waits; thrown again, unless the clone is there
   * @return the job, if it turns out to have ended
   * @throws DatastoreException if the array does not confirm that the job is over; then the host
   *     must not copy
   */
  private CloneJob abandoned(CloneJob job, RuntimeException failure) {
    for (int attempt = 0; attempt <= patience.busyRetries(); attempt++) {
      VaaiReply<CloneJob> reply;
      try {
        reply = inSession(here -> here.abortClone(job.jobId()));
      } catch (OffloadException silence) {
        break;
      }
      if (reply.isOk() && reply.value().state().isFinal()) {
        if (reply.value().state() == JobState.SUCCEEDED && failure instanceof OffloadException) {
          return reply.value();
        }
        throw failure;
      } else if (!reply.isOk()) {
        if (reply.status() == VaaiStatus.JOB) {
          throw failure; // long over
        }
        break; // by rules that have changed; whoever knows the session may still end it
      }
      pause(); // what it did is about to become durable
    }
    endSessionOf("clone job " + Long.toUnsignedString(job.jobId()), failure);
    throw failure;
  }

  /** Ends the session, which aborts its jobs. */
  private void endSessionOf(String what, RuntimeException failure) {
    CompletableFuture<VaaiReply<SessionEnded>> end = session.end();
    if (end == null) {
      return; // no session, no job
    }
    try {
      VaaiStatus status = OffloadException.await(end).status();
      if (status == VaaiStatus.OK || status == VaaiStatus.SESSION) {
        return;
      }
    } catch (OffloadException silence) {
      failure.addSuppressed(silence);
    }
    throw new DatastoreException(
        DatastoreError.FILE_ERROR, what + " may still run on the array", failure);
  }

  private void pause() {
    try {
      time.sleep(patience.poll());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatastoreException(DatastoreError.FILE_ERROR, "interrupted", e);
    }
  }

  @Override
  public UnmapGranularity unmapGranularity(DatastoreFile file) {
    org.facsim.protocol.vaai.UnmapGranularity answer =
        LazySession.valueOf(
            inSession(here -> here.unmapGranularity(VaaiFile.byHandle(file.ref().handleBytes()))));
    try {
      return new UnmapGranularity(answer.granularityBytes(), answer.maxRanges());
    } catch (IllegalArgumentException nonsense) {
      throw new OffloadException("UNMAP granularity: " + nonsense.getMessage());
    }
  }

  /**
   * Does no harm if it is executed twice, because a guest leaves the ranges alone until it has the
   * answer.
   */
  @Override
  public CompletableFuture<UnmappedSpace> unmap(DatastoreFile file, List<FileRange> ranges) {
    List<VaaiRange> wanted =
        ranges.stream().map(each -> new VaaiRange(each.offsetBytes(), each.lengthBytes())).toList();
    return inSessionLater(here -> here.unmap(VaaiFile.byHandle(file.ref().handleBytes()), wanted))
        .thenApply(LazySession::valueOf)
        .thenApply(space -> new UnmappedSpace(space.unmappedBytes(), space.freedBytes()));
  }

  @Override
  public synchronized void close() {
    CompletableFuture<VaaiReply<SessionEnded>> end = session.end();
    if (end != null) {
      try {
        OffloadException.await(end.orTimeout(FAREWELL_SECONDS, TimeUnit.SECONDS));
      } catch (OffloadException e) {
        // The array ends the session by itself when its lease expires.
      }
    }
  }

  private static <T extends VaaiMessage> T answer(CompletableFuture<VaaiReply<T>> call) {
    return LazySession.valueOf(OffloadException.await(call));
  }
}
