/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.StableHow;
import org.facsim.services.faults.ArrayFaults.PowerFailure;
import org.facsim.services.units.ByteSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Power failures of an array in place, and at every commit group of a workload. */
final class PowerFailuresTest {
  @TempDir Path directory;

  private static ArrayBuilder builder(Path home) {
    return FacsimArray.builder().volume("v", ByteSize.GIB).nfsPort(0).seed(7).dataDirectory(home);
  }

  /** Stable writes over NFS, each to a block of its own, some of them twice. */
  private static final class StableWrites implements PowerFailures.Trial {
    private static final int WRITES = 4;
    private final StableHow how;
    private final Map<Integer, Integer> acknowledged = new HashMap<>();
    private int onItsWay;
    private Nfs3Handle file;

    StableWrites(StableHow how) {
      this.how = how;
    }

    @Override
    public void work(FacsimArray array) throws Exception {
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        file = host.create("f");
        for (int write = 1; write <= WRITES; write++) {
          onItsWay = write;
          host.write(file, blockOf(write), write, NfsHost.BLOCK, how);
          acknowledged.put(write % 3, write);
        }
      }
    }

    private static long blockOf(int write) {
      return write % 3 * (long) NfsHost.BLOCK;
    }

    @Override
    public List<String> audit(FacsimArray array) throws Exception {
      List<String> problems = new ArrayList<>();
      if (file == null) {
        return problems; // the file itself was not acknowledged
      }
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        for (var each : acknowledged.entrySet()) {
          Optional<Integer> found =
              host.valueAt(file, each.getKey() * (long) NfsHost.BLOCK, NfsHost.BLOCK);
          boolean mayBeNewer =
              found.isPresent() && found.get() == onItsWay && onItsWay % 3 == each.getKey();
          if (!found.equals(Optional.of(each.getValue())) && !mayBeNewer) {
            problems.add("block " + each + " holds " + found);
          }
        }
      }
      return problems;
    }
  }

  @Test
  void whatHostsWereToldIsStableOutlivesAPowerFailureAtEveryGroup() throws Exception {
    PowerFailures.Report report =
        PowerFailures.in(directory)
            .on(PowerFailuresTest::builder)
            .atEveryGroupOf(() -> new StableWrites(StableHow.FILE_SYNC));
    assertThat(report.failures()).hasSizeGreaterThanOrEqualTo(3 * StableWrites.WRITES);
    assertThat(report.problems()).isEmpty();
    assertThat(directory).isEmptyDirectory();
  }

  /** The same audit finds it if a host takes unstable writes for stable ones. */
  @Test
  void whoTakesUnstableWritesForStableOnesIsFoundOut() throws Exception {
    PowerFailure now = PowerFailure.now(Duration.ZERO);
    BlockingQueue<Boolean> back = new LinkedBlockingQueue<>();
    StableWrites trial = new StableWrites(StableHow.UNSTABLE);
    try (FacsimArray array = builder(directory.resolve("home")).start()) {
      array.arrayFaults().whenBack(() -> back.add(true));
      array.arrayFaults().expectPowerFailures(true);
      trial.work(array);
      assertThat(array.arrayFaults().powerFailure(now)).isTrue();
      assertThat(back.poll(30, TimeUnit.SECONDS)).isTrue();
      assertThat(trial.audit(array)).isNotEmpty();
    }
    assertThat(ArrayCheck.of(directory.resolve("home"))).isEmpty();
  }

  @Test
  void atEveryThirdGroupUntilItIsCancelled() throws Exception {
    BlockingQueue<Boolean> back = new LinkedBlockingQueue<>();
    try (FacsimArray array = builder(directory.resolve("home")).start()) {
      array.arrayFaults().whenBack(() -> back.add(true));
      assertThat(array.arrayFaults().powerFailure(new PowerFailure(3, true, Duration.ZERO)))
          .isTrue();
      int next = 1;
      for (int failures = 0; failures < 3; ) {
        try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
          Nfs3Handle file = host.create("f" + next);
          while (next < 1000) {
            host.write(file, 0, next++, NfsHost.BLOCK, StableHow.FILE_SYNC);
          }
        } catch (Exception e) {
          assertThat(back.poll(30, TimeUnit.SECONDS)).as("failure %d", failures).isTrue();
          failures++;
        }
      }
      array.arrayFaults().cancelPowerFailures();
      try (NfsHost host = new NfsHost(array.nfsAddress(), "/v")) {
        Nfs3Handle file = host.create("last");
        for (int write = 0; write < 10; write++) {
          host.write(file, 0, write, NfsHost.BLOCK, StableHow.FILE_SYNC);
        }
      }
      assertThat(back).isEmpty();
    }
    assertThat(ArrayCheck.of(directory.resolve("home"))).isEmpty();
  }

  @Test
  void anArrayInMemoryRefusesAndSaysWhatItNeeds() throws Exception {
    try (FacsimArray array = FacsimArray.builder().nfsPort(0).start()) {
      assertThat(array.arrayFaults().canLosePower()).isFalse();
      assertThatIllegalStateException()
          .isThrownBy(() -> array.arrayFaults().powerFailure(PowerFailure.now(Duration.ZERO)))
          .withMessageContaining("--data-dir");
    }
  }
}
