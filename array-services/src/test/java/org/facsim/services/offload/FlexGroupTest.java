/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.facsim.array.Inode;
import org.facsim.services.offload.ArrayProfile.AcrossNodes;
import org.facsim.services.offload.ArrayProfile.Availability;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The profile {@code netapp-flexgroup}: what a clone does depends on where its source lies. */
final class FlexGroupTest extends OffloadScenarios {
  private static final ArrayProfile FLEXGROUP =
      NamedProfiles.find("netapp-flexgroup").orElseThrow();
  private static final FileRef FAR = FileRef.byPath("far");

  private Inode far;

  /** A source of ten blocks on the other volume, five of them holes. */
  @BeforeEach
  void makeTheFarSource() {
    lab.profiles().set("one", FLEXGROUP);
    far = lab.makeFile(lab.otherVolume(), "far", 0644);
    for (int block = 0; block < 5; block++) {
      lab.write(far, block, 7);
    }
    lab.setSize(far, 10L * BLOCK);
  }

  private JobSnapshot cloneFar() {
    long jobId = engine.startClone(across(FAR, COPY, CloneOption.OTHER_VOLUME)).jobId();
    lab.passSeconds(5);
    return engine.job(jobId);
  }

  private void otherVolumeOnNode(int node) {
    lab.profiles().set("two", FLEXGROUP.draft().node(node).freeze());
  }

  @Test
  void inTheVolumeItSharesTheBlocks() {
    JobSnapshot job = OffloadLab.await(engine.startClone(order(SOURCE, COPY)).answer());
    assertThat(job.sharedBytes()).isEqualTo(10L * BLOCK);
    assertThat(job.copiedBytes()).isZero();
  }

  @Test
  void fromAnotherVolumeOfTheNodeItCopiesTheBlocks() {
    otherVolumeOnNode(1);
    JobSnapshot job = cloneFar();
    assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(job.copiedBytes()).isEqualTo(5L * BLOCK);
    assertThat(copy.attributes().usedBytes()).isEqualTo(5L * BLOCK);
    assertThat(lab.seedAt(copy, 4)).isEqualTo(7);
  }

  @Test
  void fromAnotherNodeItCopiesEverything() {
    otherVolumeOnNode(2);
    JobSnapshot job = cloneFar();
    assertThat(job.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(job.copiedBytes()).isEqualTo(10L * BLOCK);
    assertThat(copy.attributes().usedBytes()).as("thick").isEqualTo(10L * BLOCK);
    assertThat(lab.seedAt(copy, 4)).isEqualTo(7);
    assertThat(lab.seedAt(copy, 5)).isEqualTo(-1);
    assertThat(far.attributes().usedBytes()).isEqualTo(5L * BLOCK);
  }

  @Test
  void anArrayMayRefuseWhatComesFromAnotherNode() {
    lab.profiles().set("one", FLEXGROUP.draft().acrossNodes(AcrossNodes.UNSUPPORTED).freeze());
    otherVolumeOnNode(2);
    OffloadFailure refused =
        assertThrows(
            OffloadFailure.class,
            () -> engine.startClone(across(FAR, COPY, CloneOption.OTHER_VOLUME)));
    assertThat(refused.error()).isEqualTo(OffloadError.CROSS_VOLUME);
    assertThat(refused)
        .hasMessage("the source is on node 2, and clones across nodes are not offloaded");
    otherVolumeOnNode(1);
    assertThat(cloneFar().state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void itHasFullClonesOnly() {
    assertThat(engine.support(root(), Primitive.FAST_CLONE).supported()).isFalse();
    assertThat(engine.support(root(), Primitive.FULL_CLONE).supported()).isTrue();
  }

  /** While something moves or is taken over, nothing is supported and every call is BUSY. */
  @ParameterizedTest
  @EnumSource(
      value = Availability.class,
      names = {"TAKEOVER", "VOLUME_MOVE", "ADDRESS_MOVE"})
  void whileSomethingMovesHostsAreToldBusy(Availability moving) {
    lab.profiles().set("one", FLEXGROUP.draft().availability(moving).freeze());
    OffloadFailure refused =
        assertThrows(OffloadFailure.class, () -> engine.startClone(order(SOURCE, COPY)));
    assertThat(refused.error()).isEqualTo(OffloadError.BUSY);
    assertThat(engine.support(root(), Primitive.FULL_CLONE))
        .isEqualTo(Support.no(refused.getMessage()));
    assertThat(refused.getMessage())
        .isEqualTo(
            switch (moving) {
              case VOLUME_MOVE -> "the volume moves";
              case ADDRESS_MOVE -> "the address moves";
              default -> "a controller takes over";
            });
  }

  /** The source's volume counts, too. */
  @Test
  void aSourceWhoseVolumeMovesIsBusy() {
    lab.profiles().set("two", FLEXGROUP.draft().availability(Availability.VOLUME_MOVE).freeze());
    assertThat(
            assertThrows(
                    OffloadFailure.class,
                    () -> engine.startClone(across(FAR, COPY, CloneOption.OTHER_VOLUME)))
                .error())
        .isEqualTo(OffloadError.BUSY);
  }
}
