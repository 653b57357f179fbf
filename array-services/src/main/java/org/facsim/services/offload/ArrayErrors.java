/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Durability;

/** Translates the array's errors into outcomes of an offload. */
public final class ArrayErrors {
  private ArrayErrors() {}

  /**
   * Translates an expected failure into an outcome.
   *
   * @param expected a {@link OffloadFailure} or an {@link ArrayException}
   */
  public static OffloadFailure failureOf(RuntimeException expected) {
    return expected instanceof OffloadFailure failure
        ? failure
        : new OffloadFailure(errorOf(((ArrayException) expected).error()), expected.getMessage());
  }

  /**
   * Translates the reason why a change did not become durable.
   *
   * @param failure as {@link Durability#whenDurable} gives it
   */
  static OffloadFailure notDurable(Throwable failure) {
    return failure instanceof ArrayException expected && expected.error() != ArrayError.IO
        ? failureOf(expected)
        : new OffloadFailure(OffloadError.IO, "the medium failed");
  }

  static OffloadError errorOf(ArrayError error) {
    return switch (error) {
      case ACCESS_DENIED -> OffloadError.ACCESS_DENIED;
      case NOT_PERMITTED -> OffloadError.NOT_PERMITTED;
      case NOT_FOUND -> OffloadError.NOT_FOUND;
      case EXISTS -> OffloadError.EXISTS;
      case NOT_DIRECTORY -> OffloadError.NOT_DIRECTORY;
      case IS_DIRECTORY -> OffloadError.IS_DIRECTORY;
      case WRONG_TYPE -> OffloadError.WRONG_TYPE;
      case NAME_TOO_LONG -> OffloadError.NAME_TOO_LONG;
      case STALE -> OffloadError.STALE;
      case BAD_HANDLE -> OffloadError.BAD_HANDLE;
      case INVALID_ARGUMENT -> OffloadError.INVALID_ARGUMENT;
      case FILE_TOO_LARGE -> OffloadError.FILE_TOO_LARGE;
      case NO_SPACE -> OffloadError.NO_SPACE;
      case READ_ONLY -> OffloadError.READ_ONLY;
      case CROSS_VOLUME -> OffloadError.CROSS_VOLUME;
      case BUSY -> OffloadError.BUSY;
      case NOT_SUPPORTED -> OffloadError.NOT_SUPPORTED;
      // Only the first can come from what an offload asks of the array; the host sees file
      // errors.
      case IO,
          NOT_EMPTY,
          BAD_COOKIE,
          NOT_SYNCHRONIZED,
          TOO_MANY_LINKS,
          BEYOND_END_OF_FILE,
          NO_ATTRIBUTE,
          TOO_BIG ->
          OffloadError.IO;
    };
  }
}
