/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.time.SteppedTime;
import org.junit.jupiter.api.Test;

class VmkernelLogTest {
  private final SteppedTime time = new SteppedTime(Instant.parse("2026-03-01T00:00:00Z"));
  private final VmkernelLog log = new VmkernelLog("esx1", time, 3);

  @Test
  void linesLookLikeThoseOfTheField() {
    time.advance(Duration.ofMillis(1_050));
    log.info("StorageApdHandler", 248, "APD Timer started for ident [1-2]");
    log.warn("NFS", 292, "Lost\nconnection");
    assertThat(log.lines().get(0))
        .matches(
            "2026-03-01T00:00:01\\.050Z cpu[0-3]:2097\\d{3}\\)StorageApdHandler: 248: "
                + "APD Timer started for ident \\[1-2]");
    assertThat(log.lines().get(1)).endsWith(")WARNING: NFS: 292: Lost connection");
  }

  @Test
  void theOldestLinesGoFirstAndLongOnesAreCut() {
    for (int i = 0; i < 5; i++) {
      log.info("NFS", i, "line");
    }
    assertThat(log.lines()).hasSize(3);
    assertThat(log.lines("NFS: 1: ")).isEmpty();
    assertThat(log.lines("NFS: 4: ")).hasSize(1);
    log.info("NFS", 5, "x".repeat(5_000));
    assertThat(log.lines().get(2)).hasSize(1_024);
  }

  @Test
  void listenersAreToldUntilTheyEndAndOneThatFailsHarmsNoOther() {
    List<HostEvent> heard = new ArrayList<>();
    log.listen(
        event -> {
          throw new IllegalStateException("a bad listener");
        });
    Runnable end = log.listen(heard::add);
    log.event(HostEvent.APD_START, "ds1", "down");
    end.run();
    log.event(HostEvent.APD_RECOVERED, "ds1", "up");
    assertThat(heard)
        .containsExactly(new HostEvent(time.now(), "esx1", HostEvent.APD_START, "ds1", "down"));
  }

  @Test
  void everythingIsBounded() {
    assertThatThrownBy(() -> new VmkernelLog("esx1", time, 0)).hasMessageContaining("allowed: 1");
    for (int i = 0; i < 64; i++) {
      log.listen(event -> {});
    }
    assertThatThrownBy(() -> log.listen(event -> {})).hasMessageContaining("no more allowed");
  }
}
