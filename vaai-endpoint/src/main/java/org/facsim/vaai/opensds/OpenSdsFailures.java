/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import org.facsim.protocol.nfs3.Nfs3Status;
import org.facsim.protocol.opensds.OpenSdsReply;
import org.facsim.protocol.opensds.OpenSdsResult;
import org.facsim.services.calls.LinkDecision;
import org.facsim.services.calls.StatusRefusal;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;

/** Translates the array's outcomes into the two numbers of this dialect. */
final class OpenSdsFailures {
  private OpenSdsFailures() {}

  /** An expected failure has a status of its own. Everything else is logged as a defect. */
  static OpenSdsReply replyOf(Throwable thrown, int commandCode) {
    LinkDecision decision = LinkDecision.in(thrown).orElse(null);
    if (decision instanceof StatusRefusal chosen) {
      return OpenSdsStatuses.replyOf(chosen.status(), commandCode);
    } else if (decision != null) {
      throw decision; // no answer of this door
    }
    return replyOf(OffloadFailure.of(thrown).error(), commandCode);
  }

  static OpenSdsReply replyOf(OffloadError error, int commandCode) {
    return OpenSdsReply.failed(nfsStatusOf(error), commandCode, resultOf(error));
  }

  /** The plugin distinguishes only some of these; it treats all others as errors of the file. */
  static Nfs3Status nfsStatusOf(OffloadError error) {
    return switch (error) {
      case NOT_PERMITTED -> Nfs3Status.PERM;
      case NOT_FOUND, UNKNOWN_JOB -> Nfs3Status.NOENT;
      case ACCESS_DENIED -> Nfs3Status.ACCES;
      case EXISTS -> Nfs3Status.EXIST;
      case CROSS_VOLUME -> Nfs3Status.XDEV;
      case NOT_DIRECTORY -> Nfs3Status.NOTDIR;
      case IS_DIRECTORY -> Nfs3Status.ISDIR;
      case INVALID_ARGUMENT, REQUEST_REUSED -> Nfs3Status.INVAL;
      case FILE_TOO_LARGE -> Nfs3Status.FBIG;
      case NO_SPACE -> Nfs3Status.NOSPC;
      case READ_ONLY -> Nfs3Status.ROFS;
      case NAME_TOO_LONG -> Nfs3Status.NAMETOOLONG;
      case STALE -> Nfs3Status.STALE;
      case BAD_HANDLE -> Nfs3Status.BADHANDLE;
      case NOT_SUPPORTED, VERSION_NOT_SERVED -> Nfs3Status.NOTSUPP;
      case DEFECT -> Nfs3Status.SERVERFAULT;
      case WRONG_TYPE -> Nfs3Status.BADTYPE;
      case BUSY, TOO_MANY_CLONES, TOO_MANY_SESSIONS -> Nfs3Status.JUKEBOX;
      case IO, TOO_DEEP, UNKNOWN_SESSION, ABORTED, LOST -> Nfs3Status.IO;
    };
  }

  /** What the plugin distinguishes in addition to NFS's statuses. */
  static OpenSdsResult resultOf(OffloadError error) {
    return switch (error) {
      case TOO_DEEP -> OpenSdsResult.TOO_DEEP;
      case TOO_MANY_CLONES -> OpenSdsResult.TOO_MANY_SNAPSHOTS;
      case BUSY -> OpenSdsResult.BUSY;
      case NO_SPACE -> OpenSdsResult.DISK_FULL;
      case NOT_PERMITTED,
          NOT_FOUND,
          IO,
          ACCESS_DENIED,
          EXISTS,
          CROSS_VOLUME,
          NOT_DIRECTORY,
          IS_DIRECTORY,
          INVALID_ARGUMENT,
          FILE_TOO_LARGE,
          READ_ONLY,
          NAME_TOO_LONG,
          STALE,
          BAD_HANDLE,
          NOT_SUPPORTED,
          DEFECT,
          WRONG_TYPE,
          UNKNOWN_SESSION,
          TOO_MANY_SESSIONS,
          VERSION_NOT_SERVED,
          REQUEST_REUSED,
          UNKNOWN_JOB,
          ABORTED,
          LOST ->
          OpenSdsResult.OK;
    };
  }
}
