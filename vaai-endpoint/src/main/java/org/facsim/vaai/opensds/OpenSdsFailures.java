/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import java.util.concurrent.CompletionException;
import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.vaai.offload.VaaiFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The door's statuses in the two numbers of this dialect. */
final class OpenSdsFailures {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSdsFailures.class);

  private OpenSdsFailures() {}

  /** What was expected has a status of its own; everything else is logged as a defect. */
  static VaaiStatus statusOf(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof VaaiFailure expected) {
      return expected.status();
    }
    LOG.error("a command met a defect", cause);
    return VaaiStatus.SERVERFAULT;
  }

  static OpenSdsReply replyOf(VaaiStatus status, int commandCode) {
    return OpenSdsReply.failed(nfsStatusOf(status), commandCode, resultOf(status));
  }

  /** Only some of these are told apart by the plugin; all others are file errors to it. */
  static Nfs3Status nfsStatusOf(VaaiStatus status) {
    return switch (status) {
      case OK -> Nfs3Status.OK;
      case PERM -> Nfs3Status.PERM;
      case NOENT, JOB -> Nfs3Status.NOENT;
      case ACCESS -> Nfs3Status.ACCES;
      case EXIST -> Nfs3Status.EXIST;
      case XVOL -> Nfs3Status.XDEV;
      case NOTDIR -> Nfs3Status.NOTDIR;
      case ISDIR -> Nfs3Status.ISDIR;
      case INVAL, REQUEST -> Nfs3Status.INVAL;
      case FBIG -> Nfs3Status.FBIG;
      case NOSPC -> Nfs3Status.NOSPC;
      case ROFS -> Nfs3Status.ROFS;
      case NAMETOOLONG -> Nfs3Status.NAMETOOLONG;
      case STALE -> Nfs3Status.STALE;
      case BADHANDLE -> Nfs3Status.BADHANDLE;
      case NOTSUPP, VERSION -> Nfs3Status.NOTSUPP;
      case SERVERFAULT -> Nfs3Status.SERVERFAULT;
      case BADTYPE -> Nfs3Status.BADTYPE;
      case BUSY, TOO_MANY_CLONES, TOO_MANY_SESSIONS -> Nfs3Status.JUKEBOX;
      case IO, TOO_DEEP, SESSION, ABORTED, LOST -> Nfs3Status.IO;
    };
  }

  /** What the plugin tells apart beyond NFS. */
  static OpenSdsResult resultOf(VaaiStatus status) {
    return switch (status) {
      case TOO_DEEP -> OpenSdsResult.TOO_DEEP;
      case TOO_MANY_CLONES -> OpenSdsResult.TOO_MANY_SNAPSHOTS;
      case BUSY -> OpenSdsResult.BUSY;
      case NOSPC -> OpenSdsResult.DISK_FULL;
      case OK,
          PERM,
          NOENT,
          IO,
          ACCESS,
          EXIST,
          XVOL,
          NOTDIR,
          ISDIR,
          INVAL,
          FBIG,
          ROFS,
          NAMETOOLONG,
          STALE,
          BADHANDLE,
          NOTSUPP,
          SERVERFAULT,
          BADTYPE,
          SESSION,
          TOO_MANY_SESSIONS,
          VERSION,
          REQUEST,
          JOB,
          ABORTED,
          LOST ->
          OpenSdsResult.OK;
    };
  }
}
