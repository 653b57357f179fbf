/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.facsim.array.Inode;
import org.facsim.services.calls.Door;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FaultPresetsTest {
  private final FaultLab lab = new FaultLab();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void everyPresetWorksWithItsDefaults() {
    for (FaultPresets.Preset preset : FaultPresets.all()) {
      lab.rules().preset(preset.name(), Map.of());
      assertThat(preset.text()).endsWith(".");
    }
    assertThat(lab.heard().asked()).containsExactly("takeover PT30S", "power failure at 0 PT30S");
  }

  @Test
  void takeoverAndRebootHappenAtOnce() {
    assertThat(lab.rules().preset("takeover", Map.of("for", "3s"))).isEmpty();
    assertThat(lab.rules().preset("array-reboot", Map.of("for", "500ms"))).isEmpty();
    assertThat(lab.heard().asked()).containsExactly("takeover PT3S", "power failure at 0 PT0.5S");
    assertThat(lab.rules().list()).isEmpty();
  }

  @Test
  void allPathsDownEndsByItself() {
    lab.rules().preset("apd", Map.of("client", "10.0.0.1", "for", "150s"));
    assertThat(lab.nfs("GETATTR").run()).isEqualTo("NO_ANSWER");
    assertThat(lab.call(Door.MOUNT, "MNT").run()).isEqualTo("NO_ANSWER");
    assertThat(lab.nfs("GETATTR").from(FaultLab.ESX2).run()).isEqualTo("served");
    assertThat(lab.call(Door.HTTP, "GET /api/v1/volumes/ds").run()).isEqualTo("served");
    lab.pass(Duration.ofSeconds(150));
    assertThat(lab.nfs("GETATTR").run()).isEqualTo("served");
  }

  @Test
  void aFullVolume() {
    lab.rules().preset("full", Map.of("volume", "ds"));
    assertThat(lab.nfs("WRITE").on(lab.file("ds", "x")).run()).isEqualTo("NOSPC");
    assertThat(lab.nfs("READ").on(lab.file("ds", "x")).run()).isEqualTo("served");
    assertThat(lab.nfs("WRITE").on(lab.file("other", "x")).run()).isEqualTo("served");
    assertThat(lab.call(Door.VAAI, "CLONE").on(lab.file("ds", "x")).run()).isEqualTo("NOSPC");
    assertThat(lab.call(Door.OPENSDS, "CLONE").on(lab.file("ds", "x")).run()).isEqualTo("NOSPC");
    assertThat(lab.call(Door.OPENSDS, "SUPPORT").on(lab.file("ds", "x")).run()).isEqualTo("served");
  }

  @Test
  void aFlakyNetworkLosesTheSameCallsForTheSameSeed() {
    List<String> first = flaky("1");
    assertThat(Collections.frequency(first, "NO_ANSWER")).isBetween(50, 150);
    assertThat(Collections.frequency(first, "reply NO_ANSWER")).isBetween(50, 150);
    assertThat(flaky("1")).isEqualTo(first);
    assertThat(flaky("2")).isNotEqualTo(first);
  }

  private List<String> flaky(String seed) {
    lab.rules().clear();
    lab.rules().preset("flaky-network", Map.of("loss", "0.1", "seed", seed));
    return lab.getattrs(1000);
  }

  @Test
  void aZeroWindowMeetsOneConnection() {
    lab.rules().preset("zero-window", Map.of());
    assertThat(lab.getattrs(2)).containsExactly("STOP_READING", "served");
  }

  @Test
  void lockFilesStay() {
    lab.rules().preset("leftover-lock", Map.of());
    assertThat(lab.file("ds", "vm", "vm.vmx")).isNotNull();
    Inode vm = lab.file("ds", "vm");
    assertThat(lab.nfs("REMOVE").on(vm, ".lck-0123456789abcdef").run()).isEqualTo("ACCES");
    assertThat(lab.nfs("REMOVE").on(vm, "vm.vmx").run()).isEqualTo("served");
    assertThat(lab.call(Door.NLM, "UNLOCK").run()).isEqualTo("DENIED_NOLOCKS");
  }
}
