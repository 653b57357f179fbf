/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.OffloadError;

/** Translates the array's outcomes into the statuses of {@code vaai_nas.x}. */
final class VaaiStatuses {
  private VaaiStatuses() {}

  static VaaiStatus of(OffloadError error) {
    return switch (error) {
      case NOT_PERMITTED -> VaaiStatus.PERM;
      case NOT_FOUND -> VaaiStatus.NOENT;
      case IO -> VaaiStatus.IO;
      case ACCESS_DENIED -> VaaiStatus.ACCESS;
      case EXISTS -> VaaiStatus.EXIST;
      case CROSS_VOLUME -> VaaiStatus.XVOL;
      case NOT_DIRECTORY -> VaaiStatus.NOTDIR;
      case IS_DIRECTORY -> VaaiStatus.ISDIR;
      case INVALID_ARGUMENT -> VaaiStatus.INVAL;
      case FILE_TOO_LARGE -> VaaiStatus.FBIG;
      case NO_SPACE -> VaaiStatus.NOSPC;
      case READ_ONLY -> VaaiStatus.ROFS;
      case NAME_TOO_LONG -> VaaiStatus.NAMETOOLONG;
      case STALE -> VaaiStatus.STALE;
      case BAD_HANDLE -> VaaiStatus.BADHANDLE;
      case NOT_SUPPORTED -> VaaiStatus.NOTSUPP;
      case DEFECT -> VaaiStatus.SERVERFAULT;
      case WRONG_TYPE -> VaaiStatus.BADTYPE;
      case BUSY -> VaaiStatus.BUSY;
      case TOO_DEEP -> VaaiStatus.TOO_DEEP;
      case TOO_MANY_CLONES -> VaaiStatus.TOO_MANY_CLONES;
      case UNKNOWN_SESSION -> VaaiStatus.SESSION;
      case TOO_MANY_SESSIONS -> VaaiStatus.TOO_MANY_SESSIONS;
      case VERSION_NOT_SERVED -> VaaiStatus.VERSION;
      case REQUEST_REUSED -> VaaiStatus.REQUEST;
      case UNKNOWN_JOB -> VaaiStatus.JOB;
      case ABORTED -> VaaiStatus.ABORTED;
      case LOST -> VaaiStatus.LOST;
    };
  }
}
