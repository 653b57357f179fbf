/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import java.util.Map;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;

/** Translates refusals of the VAAI door. */
final class VaaiProblems {
  private VaaiProblems() {}

  /** The problem document of a reply that is not OK. Programs should use its {@code vaaiStatus}. */
  static Problem of(VaaiReply<?> refused) {
    VaaiStatus status = refused.status();
    return new Problem(
        httpStatus(status),
        "VAAI " + status,
        refused.reason().isEmpty() ? "the array answered " + status : refused.reason(),
        Map.of("vaaiStatus", status.name(), "vaaiCode", status.code()));
  }

  static int httpStatus(VaaiStatus status) {
    return switch (status) {
      case OK -> 200;
      case INVAL, NOTDIR, ISDIR, BADTYPE, BADHANDLE, NAMETOOLONG, VERSION -> 400;
      case PERM, ACCESS, ROFS -> 403;
      case NOENT, SESSION, JOB -> 404;
      case EXIST, TOO_DEEP, REQUEST, ABORTED -> 409;
      case STALE, LOST -> 410;
      case FBIG, XVOL -> 422;
      case IO, SERVERFAULT -> 500;
      case NOTSUPP -> 501;
      case BUSY, TOO_MANY_CLONES, TOO_MANY_SESSIONS -> 503;
      case NOSPC -> 507;
    };
  }
}
