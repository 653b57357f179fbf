/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.facsim.array.ArrayError;
import org.junit.jupiter.api.Test;

/** What a host is told of the array's errors. */
final class ArrayErrorsTest {
  @Test
  void hostsCanTellTheErrorsApartThatTheyActOn() {
    Map<ArrayError, OffloadError> expected = new EnumMap<>(ArrayError.class);
    expected.put(ArrayError.ACCESS_DENIED, OffloadError.ACCESS_DENIED);
    expected.put(ArrayError.NOT_PERMITTED, OffloadError.NOT_PERMITTED);
    expected.put(ArrayError.NOT_FOUND, OffloadError.NOT_FOUND);
    expected.put(ArrayError.EXISTS, OffloadError.EXISTS);
    expected.put(ArrayError.NOT_DIRECTORY, OffloadError.NOT_DIRECTORY);
    expected.put(ArrayError.IS_DIRECTORY, OffloadError.IS_DIRECTORY);
    expected.put(ArrayError.NOT_EMPTY, OffloadError.IO);
    expected.put(ArrayError.WRONG_TYPE, OffloadError.WRONG_TYPE);
    expected.put(ArrayError.NAME_TOO_LONG, OffloadError.NAME_TOO_LONG);
    expected.put(ArrayError.STALE, OffloadError.STALE);
    expected.put(ArrayError.BAD_HANDLE, OffloadError.BAD_HANDLE);
    expected.put(ArrayError.INVALID_ARGUMENT, OffloadError.INVALID_ARGUMENT);
    expected.put(ArrayError.BAD_COOKIE, OffloadError.IO);
    expected.put(ArrayError.NOT_SYNCHRONIZED, OffloadError.IO);
    expected.put(ArrayError.FILE_TOO_LARGE, OffloadError.FILE_TOO_LARGE);
    expected.put(ArrayError.BEYOND_END_OF_FILE, OffloadError.IO);
    expected.put(ArrayError.NO_ATTRIBUTE, OffloadError.IO);
    expected.put(ArrayError.TOO_BIG, OffloadError.IO);
    expected.put(ArrayError.NO_SPACE, OffloadError.NO_SPACE);
    expected.put(ArrayError.READ_ONLY, OffloadError.READ_ONLY);
    expected.put(ArrayError.CROSS_VOLUME, OffloadError.CROSS_VOLUME);
    expected.put(ArrayError.TOO_MANY_LINKS, OffloadError.IO);
    expected.put(ArrayError.BUSY, OffloadError.BUSY);
    expected.put(ArrayError.NOT_SUPPORTED, OffloadError.NOT_SUPPORTED);
    expected.put(ArrayError.IO, OffloadError.IO);
    assertThat(expected).containsOnlyKeys(ArrayError.values());
    expected.forEach((error, outcome) -> assertThat(ArrayErrors.errorOf(error)).isEqualTo(outcome));
  }
}
