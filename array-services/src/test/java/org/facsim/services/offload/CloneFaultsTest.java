/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.services.access.Grant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clone jobs that go wrong as a fault says, whether they copy or share. */
class CloneFaultsTest {
  private static final int BLOCKS = 100;
  private static final int BLOCK = 4096;
  private static final long SIZE = (long) BLOCKS * BLOCK;

  private final OffloadLab lab = new OffloadLab();
  private final List<Runnable> stalled = new ArrayList<>();
  private Inode source;
  private Inode destination;

  @AfterEach
  void close() {
    lab.close();
  }

  private StartedClone start(boolean isCopy, CloneFault fault) {
    if (isCopy) {
      lab.profiles().set("one", NamedProfiles.find("copying").orElseThrow());
    }
    lab.engine().cloneFaults(job -> Optional.of(fault));
    source = lab.makeFile("source", 7, BLOCKS);
    destination = lab.makeFile("destination", 8, 1);
    return ask();
  }

  private StartedClone ask() {
    InetSocketAddress host = new InetSocketAddress(InetAddress.getLoopbackAddress(), 700);
    Grant grant = lab.exports().grants().toExport("/one", host, Caller.ROOT);
    return lab.engine()
        .startClone(
            CloneOrder.within(
                new Initiator("127.0.0.1", Dialect.VAAI_NAS, grant),
                OffloadLab.refOf(source),
                OffloadLab.refOf(destination),
                CloneOptions.NONE));
  }

  private CloneFault fault(long rate, double slowdown, int stall, int fail) {
    return new CloneFault("a test", rate, slowdown, stall, fail, OffloadError.IO, stalled::add);
  }

  private JobSnapshot now(StartedClone clone) {
    return lab.engine().job(clone.jobId());
  }

  private void assertIsAsItWas() {
    assertThat(destination.attributes().sizeBytes()).isEqualTo(BLOCK);
    assertThat(lab.seedAt(destination, 0)).isEqualTo(8);
  }

  private void assertIsTheClone() {
    assertThat(destination.attributes().sizeBytes()).isEqualTo(SIZE);
    for (int block = 0; block < BLOCKS; block++) {
      assertThat(lab.seedAt(destination, block)).isEqualTo(7);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aJobFailsAtItsPercentageAndChangesNothing(boolean isCopy) {
    StartedClone clone = start(isCopy, fault(0, 1, CloneFault.NEVER, 40));
    assertThat(OffloadLab.await(clone.answer()).state()).isEqualTo(JobState.RUNNING);
    lab.passSeconds(100);
    JobSnapshot failed = now(clone);
    assertThat(failed.state()).isEqualTo(JobState.FAILED);
    assertThat(failed.error()).contains(OffloadError.IO);
    assertThat(failed.reason()).isEqualTo("failed at 40 %, as a test asks");
    assertThat(failed.doneBytes()).isEqualTo(SIZE * 40 / 100);
    assertIsAsItWas();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aJobStallsUntilItIsResumed(boolean isCopy) {
    StartedClone clone = start(isCopy, fault(0, 1, 50, CloneFault.NEVER));
    lab.passSeconds(1000);
    assertThat(now(clone).state()).isEqualTo(JobState.RUNNING);
    assertThat(now(clone).doneBytes()).isEqualTo(SIZE / 2);
    assertIsAsItWas();
    assertThat(stalled).hasSize(1);
    stalled.get(0).run();
    lab.passSeconds(100);
    assertThat(now(clone).state()).isEqualTo(JobState.SUCCEEDED);
    assertIsTheClone();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStalledJobCanBeAborted(boolean isCopy) {
    StartedClone clone = start(isCopy, fault(0, 1, 50, CloneFault.NEVER));
    lab.passSeconds(1);
    lab.engine().abort(clone.jobId(), Caller.ROOT, "by a test");
    assertThat(now(clone).state()).isEqualTo(JobState.ABORTED);
    stalled.get(0).run(); // comes too late
    lab.passSeconds(100);
    assertIsAsItWas();
    lab.engine().cloneFaults(CloneFaults.NONE);
    StartedClone next = ask();
    lab.passSeconds(100);
    assertThat(now(next).state()).as("the destination is free").isEqualTo(JobState.SUCCEEDED);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aJobGoesAtThePaceOfTheFault(boolean isCopy) {
    StartedClone clone = start(isCopy, fault(10 * BLOCK, 1, CloneFault.NEVER, CloneFault.NEVER));
    lab.passSeconds(5);
    long done = now(clone).doneBytes();
    assertThat(done).isBetween(SIZE * 49 / 100, SIZE * 51 / 100);
    lab.passSeconds(6);
    assertThat(now(clone).state()).isEqualTo(JobState.SUCCEEDED);
    assertIsTheClone();
  }

  @Test
  void aSlowdownMultipliesTheTimeThatTheJobWouldTake() {
    double slowdown = CloneFault.UNLIMITED_BYTES_PER_SECOND / (10.0 * BLOCK);
    StartedClone clone = start(false, fault(0, slowdown, CloneFault.NEVER, CloneFault.NEVER));
    lab.passSeconds(5);
    assertThat(now(clone).doneBytes()).isBetween(SIZE * 49 / 100, SIZE * 51 / 100);
  }

  @Test
  void aJobUnderWayIsLostWithTheArray() {
    StartedClone clone = start(false, fault(0, 1, 50, CloneFault.NEVER));
    lab.passSeconds(1);
    lab.engine().close();
    assertThat(now(clone).state()).isEqualTo(JobState.LOST);
    stalled.get(0).run();
    assertIsAsItWas();
  }

  @Test
  void whatNoJobCanDoIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fault(0, 0.5, 0, 0))
        .withMessageContaining("allowed: 1 to");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> fault(0, 1, 101, 0))
        .withMessageContaining("allowed: 0 to 100");
    assertThatIllegalArgumentException().isThrownBy(() -> fault(-1, 1, 0, 0));
  }
}
