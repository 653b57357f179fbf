/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VolumeSpecTest {
  @Test
  void nameAndSizeStandBesideTheFirstEqualsSign() {
    assertThat(VolumeSpec.parse("ds.1_a-b=40GiB"))
        .isEqualTo(new VolumeSpec("ds.1_a-b", 40 * ByteSize.GIB));
    assertThat(VolumeSpec.parse("a=1MiB").exportPath()).isEqualTo("/a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a", "=1GiB", ".a=1GiB", "a/b=1GiB", "a b=1GiB", "a=", "a=1MB", "a=1048575"})
  void refusesTheRestAndSaysWhatIsAllowed(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VolumeSpec.parse(text))
        .withMessageContaining("allowed: ");
  }

  @Test
  void aNameHasAtMost64Characters() {
    assertThat(VolumeSpec.parse("n".repeat(64) + "=1GiB").name()).hasSize(64);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> VolumeSpec.parse("n".repeat(65) + "=1GiB"));
  }
}
