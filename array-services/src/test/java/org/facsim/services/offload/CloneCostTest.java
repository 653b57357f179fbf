/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.volume.OpenVolume;
import org.facsim.services.explain.CloneCost;
import org.junit.jupiter.api.Test;

/** What a clone notes of the space costs next to nothing, however large the files are. */
class CloneCostTest extends OffloadScenarios {
  private static final int HALF_BLOCKS = 1024;

  /** A private file that holds each of its blocks at two places. */
  private Inode displaced(String name) {
    Inode file = lab.makeFile(name, 3, HALF_BLOCKS);
    long half = (long) HALF_BLOCKS * BLOCK;
    lab.volume().clones().cloneRange(Caller.ROOT, file, 0, file, half, half);
    return file;
  }

  private long walks() {
    OpenVolume volume = (OpenVolume) lab.volume();
    volume.lock().lock();
    try {
      return volume.context().blocks.figures().walks();
    } finally {
      volume.lock().unlock();
    }
  }

  private CloneCost lastCost() {
    var last = engine.explanations().last();
    return last.get(last.size() - 1).cost();
  }

  private void change(Inode file) {
    lab.volume().files().write(Caller.ROOT, file, 0, ByteBuffer.allocate(BLOCK));
  }

  @Test
  void aCloneOfALargeDisplacedFileWalksNoMap() {
    Inode from = displaced("from");
    Inode into = displaced("into");
    long before = walks();

    engine.startClone(order(OffloadLab.refOf(from), OffloadLab.refOf(into)));
    CloneCost first = lastCost();
    change(from);
    change(into);
    engine.startClone(order(OffloadLab.refOf(from), OffloadLab.refOf(into)));

    assertThat(walks()).isEqualTo(before);
    assertThat(first.sourceBefore().orElseThrow().exclusiveBytes()).isEmpty();
    assertThat(first.sourceBefore().orElseThrow().referencedBytes())
        .isEqualTo(2L * HALF_BLOCKS * BLOCK);
    assertThat(first.sourceAfter().orElseThrow().exclusiveBytes()).hasValue(0);
    assertThat(first.destinationAfter().orElseThrow().exclusiveBytes()).hasValue(0);
    change(into);
    assertThat(lab.volume().space().of(into).exclusiveBytes()).isEqualTo(BLOCK);
    assertThat(walks()).as("only who asks for the figure walks").isGreaterThan(before);
  }

  @Test
  void aCopyOfALargeDisplacedFileWalksNoMapToBeJudged() {
    profile("copying");
    Inode from = displaced("from");
    lab.array().saveState("state");
    change(from);
    long before = walks();

    engine.startClone(order(OffloadLab.refOf(from), COPY));

    assertThat(walks()).isEqualTo(before);
  }
}
