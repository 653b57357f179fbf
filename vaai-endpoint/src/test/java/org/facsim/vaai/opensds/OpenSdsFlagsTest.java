/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.facsim.services.offload.CloneOption;
import org.facsim.services.offload.CloneOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenSdsFlagsTest {
  @Test
  void theLowestBitIsLazyAndTheOthersMeanNothing() {
    assertThat(OpenSdsFlags.DEFAULT.optionsOf(1)).isEqualTo(CloneOptions.of(CloneOption.LAZY));
    assertThat(OpenSdsFlags.DEFAULT.optionsOf(-1)).isEqualTo(CloneOptions.of(CloneOption.LAZY));
    assertThat(OpenSdsFlags.DEFAULT.optionsOf(-2)).isEqualTo(CloneOptions.NONE);
  }

  /** The plugin creates the destination of a full clone before it asks for the clone. */
  @Test
  void aFullCloneIsNeverGuarded() {
    OpenSdsFlags flags = OpenSdsFlags.parse("lazy=0x1,guarded=0x2");
    assertThat(flags.optionsOf(2)).isEqualTo(CloneOptions.NONE);
    assertThat(flags.optionsOf(3))
        .isEqualTo(CloneOptions.of(CloneOption.LAZY, CloneOption.GUARDED));
  }

  @Test
  void bitsAreDecimalOrHexadecimal() {
    assertThat(OpenSdsFlags.parse("lazy=0x1")).isEqualTo(OpenSdsFlags.DEFAULT);
    assertThat(OpenSdsFlags.parse("dry-run=6,guarded=0x80000000,lazy=8"))
        .isEqualTo(new OpenSdsFlags(8, Integer.MIN_VALUE, 6));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "lazy", "lazy=", "lazy=-1", "lazy=0x100000000", "lazy=1,lazy=2", "x=1"})
  void anythingElseIsNotAllowed(String text) {
    assertThatThrownBy(() -> OpenSdsFlags.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed: NAME=BITS for lazy, guarded and dry-run");
  }
}
