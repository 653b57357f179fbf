/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.facsim.array.durable.SimulatedDisk;
import org.junit.jupiter.api.Test;

class FilePayloadTest {
  private final FilePayload payload =
      new FilePayload(new SimulatedDisk(1).payload(1), new Epochs());

  private long[] allocate(int count) {
    long[] slots = new long[count];
    boolean[] all = new boolean[count];
    java.util.Arrays.fill(all, true);
    payload.allocate(slots, all, count);
    return slots;
  }

  @Test
  void slotsThatAGroupFreedAreNotUsedBeforeItIsDurable() {
    assertThat(allocate(3)).containsExactly(1, 2, 3);
    payload.retireAll(new int[] {1, 2, 3}, 3);
    payload.closeGroup(7);
    payload.durable(6);
    assertThat(allocate(2)).containsExactly(4, 5);
    payload.durable(7);
    assertThat(allocate(3)).containsExactlyInAnyOrder(1, 2, 3);
  }

  @Test
  void slotsRetiredAfterTheCutBelongToTheNextGroup() {
    allocate(1);
    payload.closeGroup(1);
    payload.retireAll(new int[] {1}, 1);
    payload.durable(1);
    assertThat(allocate(1)).containsExactly(2);
    payload.closeGroup(2);
    payload.durable(2);
    assertThat(allocate(1)).containsExactly(1);
  }

  @Test
  void slotsThatWereNeverLinkedAreFreeAtOnce() {
    long[] slots = allocate(2);
    payload.freeAll(slots, new boolean[] {true, true});
    assertThat(payload.slotsInUse()).isZero();
    assertThat(allocate(2)).containsExactlyInAnyOrder(1, 2);
  }
}
