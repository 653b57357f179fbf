/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.user;

import org.facsim.array.ArrayError;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Volume;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessCheckTest {
  private static final int ALL = 0x3f;

  private static FileAttributes attributes(FileType type, int mode) {
    return new FileAttributes(type, mode, 1, 100, 200, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0);
  }

  /** Owner 100, group 200; bits in the order READ LOOKUP MODIFY EXTEND DELETE EXECUTE. */
  @ParameterizedTest
  @CsvSource({
    "100,  1, 0700, REGULAR,   r-me-x",
    "100,  1, 0070, REGULAR,   ------", // the first class that fits decides
    "100,200, 0070, REGULAR,   ------",
    "101,200, 0070, REGULAR,   r-me-x",
    "101,200, 0007, REGULAR,   ------",
    "101,  1, 0007, REGULAR,   r-me-x",
    "101,  1, 0004, REGULAR,   r-----",
    "101,  1, 0002, REGULAR,   --me--",
    "101,  1, 0001, REGULAR,   -----x",
    "100,  1, 0700, DIRECTORY, rlmed-",
    "100,  1, 0500, DIRECTORY, rl----",
    "100,  1, 0300, DIRECTORY, -lmed-",
    "100,  1, 0200, DIRECTORY, ------", // nothing can be changed where nothing can be found
    "  0,  0, 0000, REGULAR,   r-me--", // root runs only what anyone may run
    "  0,  0, 0010, REGULAR,   r-me-x",
    "  0,  0, 0000, DIRECTORY, rlmed-",
  })
  void accessFollowsTheModeBits(
      long uid, long gid, String octalMode, FileType type, String expected) {
    int mode = Integer.parseInt(octalMode, 8);
    int granted = AccessCheck.access(user(uid, gid), attributes(type, mode), null, ALL);

    assertThat(letters(granted)).isEqualTo(expected);
  }

  private static String letters(int bits) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      text.append((bits & (1 << i)) != 0 ? "rlmedx".charAt(i) : '-');
    }
    return text.toString();
  }

  @Test
  void onlyWhatWasAskedForIsAnswered() {
    FileAttributes file = attributes(FileType.REGULAR, 0777);

    assertThat(AccessCheck.access(user(100), file, null, Volume.ACCESS_MODIFY))
        .isEqualTo(Volume.ACCESS_MODIFY);
  }

  @Test
  void supplementaryGroupsCount() {
    FileAttributes file = attributes(FileType.REGULAR, 0040);

    assertThat(AccessCheck.permits(user(7, 7L, 8L, 200L), file, null, AccessCheck.READ)).isTrue();
    assertThat(AccessCheck.permits(user(7, 7L, 8L), file, null, AccessCheck.READ)).isFalse();
  }

  @Test
  void theOwnerReadsAndWritesWhateverTheModeSays() {
    FileAttributes file = attributes(FileType.REGULAR, 0);

    assertThat(errorOf(() -> AccessCheck.requireRead(user(100), file, null))).isNull();
    assertThat(errorOf(() -> AccessCheck.requireWrite(user(100), file, null))).isNull();
    assertThat(errorOf(() -> AccessCheck.requireRead(user(101), file, null)))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    assertThat(errorOf(() -> AccessCheck.requireWrite(user(101), file, null)))
        .isEqualTo(ArrayError.ACCESS_DENIED);
  }

  @Test
  void whoMayExecuteMayRead() {
    FileAttributes program = attributes(FileType.REGULAR, 0711);

    assertThat(errorOf(() -> AccessCheck.requireRead(user(101), program, null))).isNull();
    assertThat(errorOf(() -> AccessCheck.requireWrite(user(101), program, null)))
        .isEqualTo(ArrayError.ACCESS_DENIED);
  }
}
