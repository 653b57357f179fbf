/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmOptionTest {
  @ParameterizedTest
  @CsvSource({"0, 0", "1048576, 1048576", "64k, 65536", "3M, 3145728", "1g, 1073741824"})
  void sizesAreReadAsTheJvmReadsThem(String text, long bytes) {
    assertThat(JvmOption.parseBytes(text)).isEqualTo(bytes);
  }

  @Test
  void nothingIsKnownOfAnOptionThatIsNone() {
    assertThat(JvmOption.value("NoSuchOption")).isEmpty();
    assertThat(JvmOption.bytes("NoSuchOption")).isEmpty();
  }

  @Test
  void theLimitOfDirectMemoryIsNeverNothing() {
    assertThat(SlabBudget.limitOfThisProcess()).isPositive();
  }
}
