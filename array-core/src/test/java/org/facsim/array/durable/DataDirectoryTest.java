/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path parent;

  @Test
  void isMadeWhereNothingIsAndOpensAgain() {
    Path directory = parent.resolve("a/b");
    DataDirectory.open(directory).close();
    DataDirectory.openExisting(directory).close();
    assertThat(directory.resolve("metadata.catalog")).exists();
  }

  @Test
  void refusesASecondUserNamingTheFirst() {
    try (DataDirectory first = DataDirectory.open(parent)) {
      assertThat(first.metadata()).isNotNull();
      assertRefused(parent, ArrayError.BUSY, "in use by process " + ProcessHandle.current().pid());
    }
    DataDirectory.open(parent).close();
  }

  @Test
  void refusesADirectoryOfSomethingElse() throws IOException {
    Files.writeString(parent.resolve("letters"), "");
    assertRefused(parent, ArrayError.INVALID_ARGUMENT, "no data directory");
    assertThat(parent.resolve("lock")).doesNotExist();
    assertRefused(parent.resolve("letters"), ArrayError.INVALID_ARGUMENT, "no directory");
  }

  @Test
  void makesNothingWhenOnlyAnExistingOneWillDo() {
    assertThatThrownBy(() -> DataDirectory.openExisting(parent.resolve("x")))
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining("no data directory");
    assertThat(parent.resolve("x")).doesNotExist();
  }

  @Test
  void payloadIsReadBackAndZeroBeyond() {
    try (DataDirectory home = DataDirectory.open(parent);
        PayloadFile file = home.payload(3)) {
      ByteBuffer two = ByteBuffer.allocateDirect(2 * PayloadFile.SLOT_BYTES);
      two.put(0, (byte) 1).put(4096, (byte) 2);
      file.write(5, two);
      file.force();
      ByteBuffer seen = ByteBuffer.allocateDirect(3 * PayloadFile.SLOT_BYTES);
      file.read(5L * PayloadFile.SLOT_BYTES, seen);
      assertThat(seen.hasRemaining()).isFalse();
      assertThat(new int[] {seen.get(0), seen.get(4096), seen.get(8192)}).containsExactly(1, 2, 0);
      assertThat(file.sizeBytes()).isEqualTo(7 * 4096);
      home.removePayload(3);
      assertThat(parent.resolve("volume-3.blocks")).doesNotExist();
    }
  }

  private static void assertRefused(Path directory, ArrayError error, String text) {
    assertThatThrownBy(() -> DataDirectory.open(directory).close())
        .isInstanceOfSatisfying(ArrayException.class, e -> assertThat(e.error()).isEqualTo(error))
        .hasMessageContaining(text);
  }
}
