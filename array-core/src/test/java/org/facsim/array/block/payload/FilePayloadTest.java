/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.table.BlockTable;
import org.facsim.array.log.GroupPayload;
import org.facsim.array.log.file.SimulatedDisk;
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

  /** Enough for a part of the file that is free as a whole to be given out again. */
  private long[] allocateMany() {
    return allocate(4 * PayloadSlots.RUN_SLOTS);
  }

  /** All slots of the first run but 0, which is never used. */
  private static int[] firstRun() {
    return java.util.stream.IntStream.range(1, PayloadSlots.RUN_SLOTS).toArray();
  }

  private static boolean anyOfFirstRun(long[] slots) {
    return java.util.Arrays.stream(slots).anyMatch(slot -> slot < PayloadSlots.RUN_SLOTS);
  }

  private int[] takeFirstRun() {
    int[] first = firstRun();
    assertThat(allocate(first.length)).containsExactly(asLongs(first));
    return first;
  }

  private static long[] asLongs(int[] slots) {
    return java.util.Arrays.stream(slots).asLongStream().toArray();
  }

  @Test
  void slotsThatAGroupFreedAreNotUsedBeforeItIsDurable() {
    int[] first = takeFirstRun();
    payload.retireAll(first, first.length);
    payload.slots().closeGroup(7);
    payload.slots().durable(6);
    assertThat(anyOfFirstRun(allocateMany())).isFalse();
    payload.slots().durable(7);
    assertThat(allocateMany()).contains(asLongs(first));
  }

  @Test
  void slotsRetiredAfterTheCutBelongToTheNextGroup() {
    int[] first = takeFirstRun();
    payload.slots().closeGroup(1);
    payload.retireAll(first, first.length);
    payload.slots().durable(1);
    assertThat(anyOfFirstRun(allocateMany())).isFalse();
    payload.slots().closeGroup(2);
    payload.slots().durable(2);
    assertThat(allocateMany()).contains(asLongs(first));
  }

  @Test
  void slotsThatWereNeverLinkedAreFreeAtOnce() {
    long[] slots = allocate(PayloadSlots.RUN_SLOTS - 1);
    boolean[] all = new boolean[slots.length];
    java.util.Arrays.fill(all, true);
    payload.freeAll(slots, all);
    assertThat(payload.slotsInUse()).isZero();
    assertThat(allocateMany()).contains(slots);
  }

  private List<Long> write(int count) {
    long[] values = allocate(count);
    payload.write(values, 0, count, ByteBuffer.allocate(count * BlockTable.BLOCK_BYTES), 0);
    return java.util.Arrays.stream(values).mapToObj(value -> value & 0xffff_ffffL).toList();
  }

  private List<Long> cut(long group) {
    GroupPayload needed = payload.cut(1, group);
    List<Long> slots = new ArrayList<>();
    needed.forEachSlot(slots::add);
    assertThat(needed.slotCount()).isEqualTo(slots.size());
    return slots;
  }

  @Test
  void aGroupNamesTheSlotsThatWereWrittenSinceTheOneBefore() {
    List<Long> first = write(3);
    assertThat(cut(1)).isEqualTo(first);
    payload.force();
    List<Long> second = write(2);
    assertThat(cut(2)).isEqualTo(second);
    assertThat(cut(3)).isEmpty();
  }
}
