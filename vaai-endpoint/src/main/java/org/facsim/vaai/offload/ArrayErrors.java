/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Durability;
import org.facsim.protocol.vaai.VaaiStatus;

/** The array's errors in the words of this door. */
public final class ArrayErrors {
  private ArrayErrors() {}

  /**
   * An expected failure as the door tells it.
   *
   * @param expected a {@link VaaiFailure} or an {@link ArrayException}
   */
  public static VaaiFailure failureOf(RuntimeException expected) {
    return expected instanceof VaaiFailure failure
        ? failure
        : new VaaiFailure(statusOf(((ArrayException) expected).error()), expected.getMessage());
  }

  /**
   * Why something that was done did not become durable.
   *
   * @param failure as {@link Durability#whenDurable} gives it
   */
  static VaaiFailure notDurable(Throwable failure) {
    return failure instanceof ArrayException expected && expected.error() != ArrayError.IO
        ? failureOf(expected)
        : new VaaiFailure(VaaiStatus.IO, "the medium failed");
  }

  static VaaiStatus statusOf(ArrayError error) {
    return switch (error) {
      case ACCESS_DENIED -> VaaiStatus.ACCESS;
      case NOT_PERMITTED -> VaaiStatus.PERM;
      case NOT_FOUND -> VaaiStatus.NOENT;
      case EXISTS -> VaaiStatus.EXIST;
      case NOT_DIRECTORY -> VaaiStatus.NOTDIR;
      case IS_DIRECTORY -> VaaiStatus.ISDIR;
      case WRONG_TYPE -> VaaiStatus.BADTYPE;
      case NAME_TOO_LONG -> VaaiStatus.NAMETOOLONG;
      case STALE -> VaaiStatus.STALE;
      case BAD_HANDLE -> VaaiStatus.BADHANDLE;
      case INVALID_ARGUMENT -> VaaiStatus.INVAL;
      case FILE_TOO_LARGE -> VaaiStatus.FBIG;
      case NO_SPACE -> VaaiStatus.NOSPC;
      case READ_ONLY -> VaaiStatus.ROFS;
      case CROSS_VOLUME -> VaaiStatus.XVOL;
      case BUSY -> VaaiStatus.BUSY;
      case NOT_SUPPORTED -> VaaiStatus.NOTSUPP;
      // All but the first cannot come from what this door asks; a host knows them as file errors.
      case IO,
          NOT_EMPTY,
          BAD_COOKIE,
          NOT_SYNCHRONIZED,
          TOO_MANY_LINKS,
          BEYOND_END_OF_FILE,
          NO_ATTRIBUTE,
          TOO_BIG ->
          VaaiStatus.IO;
    };
  }
}
