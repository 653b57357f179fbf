/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.services.calls.Door;
import org.facsim.services.faults.ArrayFaults.PowerFailure;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fault rules that do something to the array as a whole. */
final class PowerRuleTest {
  @TempDir Path directory;

  private final BlockingQueue<Boolean> back = new LinkedBlockingQueue<>();

  private FacsimArray start() throws Exception {
    FacsimArray array =
        FacsimArray.builder()
            .volume("v", ByteSize.GIB)
            .nfsPort(0)
            .seed(7)
            .dataDirectory(directory.resolve("home"))
            .start();
    array.arrayFaults().whenBack(() -> back.add(true));
    return array;
  }

  private void awaitBack() throws InterruptedException {
    assertThat(back.poll(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aRuleLetsThePowerFailAtACommitOfAHostAndTheUnstableWriteBeforeItIsLost() throws Exception {
    try (FacsimArray array = start();
        NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
      Nfs3Handle file = host.create("f");
      host.write(file, 0, 1, NfsHost.BLOCK, StableHow.FILE_SYNC);
      array
          .faults()
          .add(
              FaultRule.of(new FaultAction.LosePower(PowerFailure.now(Duration.ZERO)))
                  .door(Door.NFS)
                  .procedure("COMMIT")
                  .count(1)
                  .rule());
      host.write(file, NfsHost.BLOCK, 2, NfsHost.BLOCK, StableHow.UNSTABLE);
      try {
        host.commit(file);
      } catch (Exception e) {
        assertThat(e).as("the connection ended, or the reply came just before").isNotNull();
      }
      awaitBack();
      try (NfsHost again = new NfsHost(array.nfsAddress(), "/v")) {
        assertThat(again.valueAt(file, 0, NfsHost.BLOCK)).contains(1);
      }
    }
    assertThat(ArrayCheck.of(directory.resolve("home"))).isEmpty();
  }

  @Test
  void presetsOfTheArrayTakeItAwayAndItComesBack() throws Exception {
    try (FacsimArray array = start()) {
      for (String preset : new String[] {"takeover", "array-reboot"}) {
        array.faults().preset(preset, Map.of("for", "100ms"));
        try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
          host.nfs.getAttributes(host.root).get(20, TimeUnit.SECONDS);
        } catch (Exception e) {
          assertThat(e).as("it went away meanwhile").isNotNull();
        }
        awaitBack();
        array.faults().clear();
      }
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        host.write(host.create("f"), 0, 1, NfsHost.BLOCK, StableHow.FILE_SYNC);
      }
    }
    assertThat(ArrayCheck.of(directory.resolve("home"))).isEmpty();
  }
}
