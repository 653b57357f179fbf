/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;
import java.time.Instant;
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
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiMessage;
import org.facsim.protocol.vaai.VaaiNas;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiSession;
import org.facsim.protocol.vaai.VaaiStatus;

/**
 * A VAAI-NAS session for one datastore, started at first use. The array answers a clone call at
 * once, or it returns a job, which is polled until it ends. A job that makes no progress is
 * aborted. Only one thread at a time may use it.
 */
final class VaaiOffload implements CloneOffload {
  /** How long a closing host waits for the end of its session; the array may be gone. */
  private static final long FAREWELL_SECONDS = 5;

  private static final int NFS_VERSION = 3;
  private static final int TIMEOUT_SECONDS = 10;

  private final VaaiClient client;
  private final String exportPath;
  private final String hostName;
  private final Patience patience;
  private final HostTime time;
  private VaaiSession session;

  /** Read without the lock, which a clone may hold for long. */
  private volatile HardwareAcceleration acceleration;

  /** A session that is not started yet. */
  VaaiOffload(VaaiClient client, String exportPath, HostSide host) {
    this.client = client;
    this.exportPath = exportPath;
    this.hostName = host.hostName();
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
    session = null;
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
      startSession();
      return new HardwareAcceleration(
          supports(VaaiPrimitive.FULL_CLONE),
          supports(VaaiPrimitive.CLONE_ACROSS_VOLUMES),
          supports(VaaiPrimitive.LAZY_CLONE),
          supports(VaaiPrimitive.EXTENDED_STATISTICS),
          supports(VaaiPrimitive.RESERVE_SPACE),
          null);
    } catch (OffloadException e) {
      return HardwareAcceleration.unavailable(e.getMessage());
    }
  }

  private boolean supports(VaaiPrimitive primitive) {
    return answer(session.support(primitive)).supported();
  }

  private VaaiSession startSession() {
    if (session == null) {
      session =
          new VaaiSession(
              client,
              answer(
                  client.startSession(
                      new SessionStartCall(
                          VaaiNas.PROTOCOL_VERSION,
                          NFS_VERSION,
                          exportPath,
                          hostName,
                          TIMEOUT_SECONDS))));
    }
    return session;
  }

  @Override
  public synchronized void cloneFile(
      Datastore sourceDatastore,
      DatastoreFile source,
      DatastoreFile destination,
      TransferProgress progress) {
    CloneJob job = request(sourceDatastore, source, destination);
    Instant lastProgress = time.now();
    while (!job.state().isFinal()) {
      pause();
      CloneJob now = statusOrAbort(job, progress);
      if (now.doneBytes() > job.doneBytes()) {
        lastProgress = time.now();
      } else if (Duration.between(lastProgress, time.now()).compareTo(patience.stall()) > 0) {
        abort(job);
        throw new OffloadException("no progress for " + patience.stall().toSeconds() + " s");
      }
      job = now;
    }
    if (job.state() != JobState.SUCCEEDED) {
      throw new OffloadException(describe(job.outcome(), job.reason()));
    }
    progress.transferred(job.totalBytes(), job.totalBytes());
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
          "%s: %s".formatted(file.path(), describe(reply.status(), reply.reason())));
    }
    if (!reply.isOk()) {
      throw new OffloadException(describe(reply.status(), reply.reason()));
    }
    return reply.value().reservedBytes();
  }

  @Override
  public synchronized Space extendedStatistics(DatastoreFile file) {
    ExtendedStatistics space =
        valueOf(inSession(here -> here.statistics(VaaiFile.byHandle(file.ref().handleBytes()))));
    return new Space(space.totalBytes(), space.allocatedBytes(), space.uniqueBytes());
  }

  /**
   * Makes a call in the session, or in a new one if the array has forgotten the session. If the
   * connection sent the call twice, the array may have executed it before it restarted. Only calls
   * that do no harm when they are executed twice may be made this way.
   */
  private <T extends VaaiMessage> VaaiReply<T> inSession(
      Function<VaaiSession, CompletableFuture<VaaiReply<T>>> call) {
    VaaiReply<T> reply = reply(call.apply(startSession()));
    if (reply.status() != VaaiStatus.SESSION) {
      return reply;
    }
    forgetSession();
    return reply(call.apply(startSession()));
  }

  /**
   * Each attempt is a request of its own. If the array has forgotten the session, a new one is
   * started, once. It makes no difference whether an earlier transmission was executed, because a
   * full clone into a file that only this host uses has the same result when it is made twice.
   */
  private CloneJob request(
      Datastore sourceDatastore, DatastoreFile source, DatastoreFile destination) {
    boolean renewed = false;
    for (int attempt = 0; ; attempt++) {
      VaaiReply<CloneJob> reply =
          reply(client.cloneFile(cloneCall(sourceDatastore, source, destination)));
      if (reply.isOk()) {
        return reply.value();
      }
      boolean busy =
          reply.status() == VaaiStatus.BUSY || reply.status() == VaaiStatus.TOO_MANY_CLONES;
      if (reply.status() == VaaiStatus.SESSION && !renewed) {
        renewed = true;
        forgetSession();
        if (sourceDatastore.offload() instanceof VaaiOffload other && other != this) {
          other.forgetSession();
        }
      } else if (busy && attempt < patience.busyRetries()) {
        pause();
      } else {
        throw new OffloadException(describe(reply.status(), reply.reason()));
      }
    }
  }

  private CloneCall cloneCall(
      Datastore sourceDatastore, DatastoreFile source, DatastoreFile destination) {
    VaaiSession here = startSession();
    return new CloneCall(
        here.grant().session(),
        here.nextRequestId(),
        sourceDatastore.offload() == this ? 0 : CloneFlags.OTHER_VOLUME,
        sourceDatastore.offload() instanceof VaaiOffload other && other != this
            ? Optional.of(other.startSession().grant().session())
            : Optional.empty(),
        VaaiFile.byHandle(source.ref().handleBytes()),
        VaaiFile.byHandle(destination.ref().handleBytes()));
  }

  /** Called when the array has forgotten the session: it restarted, or the lease had expired. */
  private void forgetSession() {
    session = null;
  }

  /**
   * Asks for the job's state and tells the callback. A callback that throws aborts the job. If the
   * session is gone, the host asks in a new one; an array that restarted answers that the job is
   * lost.
   */
  private CloneJob statusOrAbort(CloneJob job, TransferProgress progress) {
    CloneJob now = valueOf(inSession(here -> here.cloneStatus(job.jobId())));
    if (!now.state().isFinal()) {
      try {
        progress.transferred(now.doneBytes(), now.totalBytes());
      } catch (RuntimeException e) {
        abort(job);
        throw e;
      }
    }
    return now;
  }

  private void abort(CloneJob job) {
    inSession(here -> here.abortClone(job.jobId()));
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
  public synchronized void close() {
    if (session != null) {
      try {
        reply(session.end().orTimeout(FAREWELL_SECONDS, TimeUnit.SECONDS));
      } catch (OffloadException e) {
        // The array ends the session by itself when its lease expires.
      }
      session = null;
    }
  }

  private static <T extends VaaiMessage> T answer(CompletableFuture<VaaiReply<T>> call) {
    return valueOf(reply(call));
  }

  private static <T extends VaaiMessage> T valueOf(VaaiReply<T> reply) {
    if (!reply.isOk()) {
      throw new OffloadException(describe(reply.status(), reply.reason()));
    }
    return reply.value();
  }

  private static <T extends VaaiMessage> VaaiReply<T> reply(CompletableFuture<VaaiReply<T>> call) {
    try {
      return Replies.await(call);
    } catch (DatastoreException e) {
      throw new OffloadException("no answer to a VAAI-NAS call: " + e.getMessage());
    }
  }

  private static String describe(VaaiStatus status, String reason) {
    return reason.isEmpty() ? status.toString() : "%s: %s".formatted(status, reason);
  }
}
