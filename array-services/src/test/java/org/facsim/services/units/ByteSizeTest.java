/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "4096, 4096",
    "17B, 17",
    "1KiB, 1024",
    "512MiB, 536870912",
    "16.5GiB, 17716740096",
    "40 gib, 42949672960",
    "1TiB, 1099511627776",
    "0.3KiB, 307",
    "8388607TiB, 9223370937343148032",
  })
  void readsWhatPeopleWrite(String text, long bytes) {
    assertThat(ByteSize.parse(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GiB", "-1", "1GB", "1,5GiB", "1e3", "0x10", "1GiBs", "1 2"})
  void refusesWhatIsNoSizeAndSaysWhatIs(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageContaining("'" + text + "'")
        .withMessageContaining("allowed: " + ByteSize.SYNTAX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"8388608TiB", "9223372036854775808", "9999999999999999999TiB"})
  void refusesWhatDoesNotFitALong(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ByteSize.parse(text))
        .withMessageContaining("too large");
  }

  @Test
  void showsTheLargestFittingUnit() {
    assertThat(ByteSize.format(0)).isEqualTo("0 B");
    assertThat(ByteSize.format(1023)).isEqualTo("1023 B");
    assertThat(ByteSize.format(24 * ByteSize.KIB)).isEqualTo("24 KiB");
    assertThat(ByteSize.format(33 * ByteSize.GIB / 2)).isEqualTo("16.50 GiB");
    assertThat(ByteSize.format(ByteSize.TIB)).isEqualTo("1 TiB");
  }
}
