/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import org.facsim.array.ArrayError;
import org.facsim.protocol.nlm.NlmStatus;

/** Translates the array's errors into NLM's; nothing else does. */
final class NlmErrors {
  private NlmErrors() {}

  static NlmStatus statusOf(ArrayError error) {
    return switch (error) {
      case STALE, BAD_HANDLE -> NlmStatus.STALE_FH;
      case READ_ONLY -> NlmStatus.ROFS;
      case FILE_TOO_LARGE -> NlmStatus.FBIG;
      case NO_SPACE, TOO_BIG, BUSY -> NlmStatus.DENIED_NOLOCKS;
      case ACCESS_DENIED,
          NOT_PERMITTED,
          NOT_FOUND,
          EXISTS,
          NOT_DIRECTORY,
          IS_DIRECTORY,
          NOT_EMPTY,
          WRONG_TYPE,
          INVALID_ARGUMENT,
          NAME_TOO_LONG,
          BAD_COOKIE,
          BEYOND_END_OF_FILE,
          NO_ATTRIBUTE,
          NOT_SYNCHRONIZED,
          CROSS_VOLUME,
          TOO_MANY_LINKS,
          NOT_SUPPORTED,
          IO ->
          NlmStatus.FAILED;
    };
  }
}
