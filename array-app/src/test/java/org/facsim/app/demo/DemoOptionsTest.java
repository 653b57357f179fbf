/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;

class DemoOptionsTest {
  @Test
  void theDefaultIsTheArticlesDisk() {
    DemoOptions options = DemoOptions.ofDiskSize(DemoOptions.DEFAULT_DISK_SIZE_BYTES);
    assertThat(options.disk().usedBytes()).isEqualTo(33 * ByteSize.GIB / 2);
    assertThat(options.disk().provisionedBytes()).isEqualTo(40 * ByteSize.GIB);
    assertThat(options.comparesAll()).isFalse();
  }

  @Test
  void otherSizesAreProvisionedInProportion() {
    assertThat(DemoOptions.ofDiskSize(33 * ByteSize.MIB).disk().provisionedBytes())
        .isEqualTo(80 * ByteSize.MIB);
    assertThat(DemoOptions.ofDiskSize(ByteSize.MIB).disk().provisionedBytes())
        .isEqualTo(3 * ByteSize.MIB);
    assertThat(DemoOptions.ofDiskSize(DemoOptions.MAX_DISK_SIZE_BYTES).disk().usedBytes())
        .isEqualTo(844 * ByteSize.GIB);
  }

  @Test
  void sizesAreRoundedUpToBlocks() {
    assertThat(DemoOptions.ofDiskSize(ByteSize.MIB + 1).diskSizeBytes())
        .isEqualTo(ByteSize.MIB + 4096);
  }

  @Test
  void sizesOutsideTheRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DemoOptions.ofDiskSize(ByteSize.MIB - 4096));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DemoOptions.ofDiskSize(DemoOptions.MAX_DISK_SIZE_BYTES + 1));
  }
}
