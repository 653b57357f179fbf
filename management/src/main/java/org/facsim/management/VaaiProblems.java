/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;

/** Translates what the offload refuses. */
final class VaaiProblems {
  private VaaiProblems() {}

  /**
   * How an outcome is told in JSON.
   *
   * @param httpStatus of a request that ends so
   * @param name as docs/vaai-nas.md names it
   * @param number as docs/vaai-nas.md numbers it
   */
  record Code(int httpStatus, String name, int number) {}

  /** The problem of a refusal; programs go by {@code vaaiStatus}. */
  static Problem of(OffloadFailure refused) {
    return of(codeOf(refused.error()), refused.getMessage());
  }

  /** The problem of a status that is chosen by its name; empty if VAAI has none of that name. */
  static Optional<Problem> named(String name, String reason) {
    return Arrays.stream(OffloadError.values())
        .map(VaaiProblems::codeOf)
        .filter(code -> code.name.equals(name))
        .findFirst()
        .map(code -> of(code, reason));
  }

  private static Problem of(Code code, String reason) {
    return new Problem(
        code.httpStatus,
        "VAAI " + code.name,
        reason.isEmpty() ? "the array answered " + code.name : reason,
        Map.of("vaaiStatus", code.name, "vaaiCode", code.number));
  }

  static Code codeOf(OffloadError error) {
    return switch (error) {
      case NOT_PERMITTED -> new Code(403, "PERM", 1);
      case NOT_FOUND -> new Code(404, "NOENT", 2);
      case IO -> new Code(500, "IO", 5);
      case ACCESS_DENIED -> new Code(403, "ACCESS", 13);
      case EXISTS -> new Code(409, "EXIST", 17);
      case CROSS_VOLUME -> new Code(422, "XVOL", 18);
      case NOT_DIRECTORY -> new Code(400, "NOTDIR", 20);
      case IS_DIRECTORY -> new Code(400, "ISDIR", 21);
      case INVALID_ARGUMENT -> new Code(400, "INVAL", 22);
      case FILE_TOO_LARGE -> new Code(422, "FBIG", 27);
      case NO_SPACE -> new Code(507, "NOSPC", 28);
      case READ_ONLY -> new Code(403, "ROFS", 30);
      case NAME_TOO_LONG -> new Code(400, "NAMETOOLONG", 63);
      case STALE -> new Code(410, "STALE", 70);
      case BAD_HANDLE -> new Code(400, "BADHANDLE", 10_001);
      case NOT_SUPPORTED -> new Code(501, "NOTSUPP", 10_004);
      case DEFECT -> new Code(500, "SERVERFAULT", 10_006);
      case WRONG_TYPE -> new Code(400, "BADTYPE", 10_007);
      case BUSY -> new Code(503, "BUSY", 20_001);
      case TOO_DEEP -> new Code(409, "TOO_DEEP", 20_002);
      case TOO_MANY_CLONES -> new Code(503, "TOO_MANY_CLONES", 20_003);
      case UNKNOWN_SESSION -> new Code(404, "SESSION", 20_004);
      case TOO_MANY_SESSIONS -> new Code(503, "TOO_MANY_SESSIONS", 20_005);
      case VERSION_NOT_SERVED -> new Code(400, "VERSION", 20_006);
      case REQUEST_REUSED -> new Code(409, "REQUEST", 20_007);
      case UNKNOWN_JOB -> new Code(404, "JOB", 20_008);
      case ABORTED -> new Code(409, "ABORTED", 20_009);
      case LOST -> new Code(410, "LOST", 20_010);
    };
  }
}
