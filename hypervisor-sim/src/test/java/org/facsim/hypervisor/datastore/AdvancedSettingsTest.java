/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import org.facsim.hypervisor.HostOptions;
import org.junit.jupiter.api.Test;

class AdvancedSettingsTest {
  private final AdvancedSettings settings = new AdvancedSettings();

  @Test
  void valuesHaveNamesAndDefaults() {
    assertThat(settings.get("/NFS/HeartbeatFrequency")).isEqualTo(12);
    assertThat(settings.get("/nfs/maxconnectionsperdatastore")).isEqualTo(4);
    assertThat(settings.get("/Misc/APDTimeout")).isEqualTo(140);
    assertThat(settings.get("/NFS/UnmapEnabled")).isZero();
    settings.set("/NFS/MaxVolumes", 32);
    assertThat(settings.all()).containsEntry(AdvancedSetting.MAX_VOLUMES, 32L);
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThatThereAre() {
    assertThatThrownBy(() -> settings.set("/NFS/MaxVolume", 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no advanced setting /NFS/MaxVolume; there are: ")
        .hasMessageContaining("/NFS/MaxVolumes")
        .hasMessageContaining("/Misc/APDTimeout");
  }

  @Test
  void aValueOutOfBoundsIsRefusedAndChangesNothing() {
    assertThatThrownBy(() -> settings.set("/NFS/MaxVolumes", 257))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("/NFS/MaxVolumes 257 is out of bounds; allowed: 8 to 256");
    assertThat(settings.get("/NFS/MaxVolumes")).isEqualTo(8);
    HostOptions options = HostOptions.named("esx1");
    assertThatThrownBy(() -> options.withAdvancedSetting("/NFS/UnmapEnabled", 2))
        .hasMessageContaining("allowed: 0 to 1");
    assertThat(options.withAdvancedSetting("/NFS/UnmapEnabled", 1).advancedSettings())
        .containsEntry(AdvancedSetting.UNMAP_ENABLED, 1L);
  }

  @Test
  void eachDefaultIsWithinItsBoundsAndEachNameIsThereOnce() {
    assertThat(AdvancedSetting.values())
        .allSatisfy(each -> assertThat(each.checked(each.defaultValue())).isNotNegative())
        .extracting(AdvancedSetting::path)
        .doesNotHaveDuplicates();
    assertThat(Arrays.stream(AdvancedSetting.values()).map(AdvancedSetting::description))
        .allSatisfy(each -> assertThat(each).isNotBlank());
  }

  @Test
  void theFieldsTimesFollowFromTheSettings() {
    assertThat(settings.downAfter()).isEqualTo(Duration.ofSeconds(125));
    assertThat(settings.lockStaleAfter()).isEqualTo(Duration.ofSeconds(35));
    settings.set(AdvancedSetting.HEARTBEAT_MAX_FAILURES, 2);
    settings.set(AdvancedSetting.LOCK_RENEW_MAX_FAILURE_NUMBER, 1);
    assertThat(settings.downAfter()).isEqualTo(Duration.ofSeconds(29));
    assertThat(settings.lockStaleAfter()).isEqualTo(Duration.ofSeconds(15));
  }
}
