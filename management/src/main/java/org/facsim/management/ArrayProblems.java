/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import java.util.Map;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/** Translates refusals of the array. */
final class ArrayProblems {
  private ArrayProblems() {}

  /** The problem document of a refusal. Programs should use its {@code arrayError}. */
  static Problem of(ArrayException refused) {
    ArrayError error = refused.error();
    return new Problem(
        httpStatus(error),
        "Array " + error,
        refused.getMessage(),
        Map.of("arrayError", error.name()));
  }

  static int httpStatus(ArrayError error) {
    return switch (error) {
      case NOT_FOUND, NO_ATTRIBUTE -> 404;
      case ACCESS_DENIED, NOT_PERMITTED, READ_ONLY -> 403;
      case EXISTS, NOT_EMPTY, NOT_SYNCHRONIZED, TOO_MANY_LINKS -> 409;
      case STALE -> 410;
      case NOT_DIRECTORY,
          IS_DIRECTORY,
          WRONG_TYPE,
          NAME_TOO_LONG,
          BAD_HANDLE,
          INVALID_ARGUMENT,
          BAD_COOKIE,
          BEYOND_END_OF_FILE ->
          400;
      case FILE_TOO_LARGE, TOO_BIG, CROSS_VOLUME -> 422;
      case BUSY -> 503;
      case NOT_SUPPORTED -> 501;
      case IO -> 500;
      case NO_SPACE -> 507;
    };
  }
}
