/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.time.Duration;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.DemoView;
import org.facsim.management.LabRefusal;
import org.junit.jupiter.api.Test;

/** The demo beside an array that others use, too. */
class ServedDemoTest {
  private static final long DISK_BYTES = 8 << 20;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static FacsimArray array() throws Exception {
    return FacsimArray.builder().volume("datastore1", 1L << 30).nfsPort(0).seed(1).start();
  }

  private static long inodesOf(FacsimArray array, String volume) {
    return array.storage().volume(volume).orElseThrow().space().ofVolume().inodes();
  }

  private static DemoView done(ServedDemo demo) throws InterruptedException {
    long endNanos = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - endNanos < 0) {
      if (!demo.status().state().equals("running")) {
        return demo.status();
      }
      Thread.sleep(50);
    }
    return fail("it still runs: " + demo.status());
  }

  @Test
  void itRunsOnAVolumeOfItsOwnAndLeavesItsMachines() throws Exception {
    try (FacsimArray array = array();
        ServedDemo demo = new ServedDemo()) {
      assertThat(demo.status().isOffered()).isFalse();
      demo.serves(array);
      long inodesBefore = inodesOf(array, "datastore1");
      assertThat(demo.status().state()).isEqualTo("idle");
      assertThat(demo.start(DISK_BYTES).state()).isEqualTo("running");

      DemoView view = done(demo);
      assertThat(view.state()).as("%s", view.error()).isEqualTo("done");
      assertThat(view.cases()).hasSize(view.caseCount()).allMatch(DemoView.Case::isAsExpected);
      assertThat(view.cases().stream().filter(each -> each.clonedBy().equals("host-copy")))
          .singleElement()
          .satisfies(
              copied -> {
                assertThat(copied.name()).isEqualTo("windows-2008r2-hot");
                assertThat(copied.redoLogsPerDisk()).isEqualTo(2);
                assertThat(copied.writeBytes()).isGreaterThanOrEqualTo(DISK_BYTES);
              });
      assertThat(array.control().volumes().find("demo")).isPresent();
      assertThat(inodesOf(array, "datastore1")).isEqualTo(inodesBefore);
    }
  }

  @Test
  void whatCannotBeStartedIsRefusedAndChangesNothing() throws Exception {
    try (FacsimArray array = array();
        ServedDemo demo = new ServedDemo()) {
      demo.serves(array);
      assertThatThrownBy(() -> demo.start(DISK_BYTES - 1 - (8 << 20)))
          .isInstanceOfSatisfying(
              LabRefusal.class,
              refused -> assertThat(refused.kind()).isEqualTo(LabRefusal.Kind.INVALID))
          .hasMessageContaining("1MiB");
      assertThat(array.control().volumes().find("demo")).isEmpty();

      demo.start(DISK_BYTES);
      assertThatThrownBy(() -> demo.start(DISK_BYTES))
          .isInstanceOfSatisfying(
              LabRefusal.class,
              refused -> assertThat(refused.kind()).isEqualTo(LabRefusal.Kind.CONFLICT))
          .hasMessageContaining("runs already");
      assertThat(done(demo).state()).isEqualTo("done");
      assertThatThrownBy(() -> demo.start(DISK_BYTES)).hasMessageContaining("delete it");
      assertThat(demo.status().cases()).hasSize(8);
    }
  }
}
