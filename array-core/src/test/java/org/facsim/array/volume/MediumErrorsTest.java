/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.Workbench;
import org.junit.jupiter.api.Test;

class MediumErrorsTest {
  private final long[] now = {Long.MAX_VALUE - 5};
  private final List<String> lines = new ArrayList<>();

  @Test
  void aDamagedSlotIsSaidOnceInTenSecondsWithTheVolumeAndTheFile() {
    try (Workbench bench = new Workbench()) {
      Inode file = bench.file("f");
      MediumErrors errors = new MediumErrors("v", () -> now[0], lines::add);
      ArrayException damaged = new ArrayException(ArrayError.IO, "slot 5 is damaged");
      for (int i = 0; i < 100; i++) {
        assertThat(errors.note(file, damaged)).isSameAs(damaged);
        errors.note(file, new ArrayException(ArrayError.ACCESS_DENIED, "no"));
      }
      assertThat(lines)
          .containsExactly("volume 'v', file " + file.fileId() + ": slot 5 is damaged");
      now[0] += 10_000_000_001L; // over the end of what a long holds
      errors.note(file, damaged);
      assertThat(lines).hasSize(2);
      assertThat(lines.get(1)).endsWith("(and 99 more in the volume)");
    }
  }
}
