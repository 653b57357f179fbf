/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.facsim.array.ArrayError;
import org.facsim.protocol.vaai.VaaiStatus;
import org.junit.jupiter.api.Test;

/** What a host is told of the array's errors. */
final class ArrayErrorsTest {
  @Test
  void hostsCanTellTheErrorsApartThatTheyActOn() {
    Map<ArrayError, VaaiStatus> expected = new EnumMap<>(ArrayError.class);
    expected.put(ArrayError.ACCESS_DENIED, VaaiStatus.ACCESS);
    expected.put(ArrayError.NOT_PERMITTED, VaaiStatus.PERM);
    expected.put(ArrayError.NOT_FOUND, VaaiStatus.NOENT);
    expected.put(ArrayError.EXISTS, VaaiStatus.EXIST);
    expected.put(ArrayError.NOT_DIRECTORY, VaaiStatus.NOTDIR);
    expected.put(ArrayError.IS_DIRECTORY, VaaiStatus.ISDIR);
    expected.put(ArrayError.NOT_EMPTY, VaaiStatus.IO);
    expected.put(ArrayError.WRONG_TYPE, VaaiStatus.BADTYPE);
    expected.put(ArrayError.NAME_TOO_LONG, VaaiStatus.NAMETOOLONG);
    expected.put(ArrayError.STALE, VaaiStatus.STALE);
    expected.put(ArrayError.BAD_HANDLE, VaaiStatus.BADHANDLE);
    expected.put(ArrayError.INVALID_ARGUMENT, VaaiStatus.INVAL);
    expected.put(ArrayError.BAD_COOKIE, VaaiStatus.IO);
    expected.put(ArrayError.NOT_SYNCHRONIZED, VaaiStatus.IO);
    expected.put(ArrayError.FILE_TOO_LARGE, VaaiStatus.FBIG);
    expected.put(ArrayError.BEYOND_END_OF_FILE, VaaiStatus.IO);
    expected.put(ArrayError.NO_ATTRIBUTE, VaaiStatus.IO);
    expected.put(ArrayError.TOO_BIG, VaaiStatus.IO);
    expected.put(ArrayError.NO_SPACE, VaaiStatus.NOSPC);
    expected.put(ArrayError.READ_ONLY, VaaiStatus.ROFS);
    expected.put(ArrayError.CROSS_VOLUME, VaaiStatus.XVOL);
    expected.put(ArrayError.TOO_MANY_LINKS, VaaiStatus.IO);
    expected.put(ArrayError.BUSY, VaaiStatus.BUSY);
    expected.put(ArrayError.NOT_SUPPORTED, VaaiStatus.NOTSUPP);
    expected.put(ArrayError.IO, VaaiStatus.IO);
    assertThat(expected).containsOnlyKeys(ArrayError.values());
    expected.forEach((error, status) -> assertThat(ArrayErrors.statusOf(error)).isEqualTo(status));
  }
}
