/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.time.Duration;
import org.facsim.array.Volume;
import org.facsim.services.access.NfsVersion;
import org.facsim.services.offload.Initiator;
import org.facsim.services.offload.Offload;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.offload.OffloadLimits;
import org.facsim.services.offload.Requester;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts sessions: for a mount over a version of NFS over which the export is served. */
final class SessionStarts {
  private static final Logger LOG = LoggerFactory.getLogger(SessionStarts.class);

  private final Offload offload;
  private final SessionOptions options;
  private final SessionTable sessions;
  private final Admission admission;
  private final OperationPoint point;

  SessionStarts(
      Offload offload,
      SessionOptions options,
      SessionTable sessions,
      Admission admission,
      OperationPoint point) {
    this.offload = offload;
    this.options = options;
    this.sessions = sessions;
    this.admission = admission;
    this.point = point;
  }

  /**
   * Starts a session.
   *
   * @throws OffloadFailure VERSION_NOT_SERVED, NOT_FOUND and others
   */
  StartedSession start(Requester requester, SessionStart start) {
    NfsVersion version =
        MountedExport.version(start.fileSystemVersion())
            .orElseThrow(
                () ->
                    new OffloadFailure(
                        OffloadError.VERSION_NOT_SERVED,
                        "file-system version %d, served: %s"
                            .formatted(start.fileSystemVersion(), MountedExport.served())));
    Initiator initiator = admission.initiator(start.exportPath(), version, requester);
    point.pass(requester, initiator.grant(), start);
    OffloadLimits limits = offload.admit(initiator);
    long timeoutSeconds = grantedTimeoutSeconds(start.timeoutSeconds());
    Session session =
        sessions.start(
            requester.clientAddress(),
            new MountedExport(start.exportPath(), initiator.grant().volume().id(), version),
            Duration.ofSeconds(timeoutSeconds));
    LOG.debug(
        "session {} on {} over NFS {} for {} at {}",
        session.id(),
        start.exportPath(),
        version,
        start.clientName(),
        initiator.client());
    return new StartedSession(
        session.id(),
        initiator.grant().volume().root().handle(),
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
        ? HostSessions.DEFAULT_TIMEOUT_SECONDS
        : Math.min(askedSeconds, HostSessions.MAX_TIMEOUT_SECONDS);
  }
}
