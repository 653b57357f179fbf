/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A {@link WorkloadProfile} at work. Time is cut into turns of one interval. What a turn does is a
 * pure function of the seed and the turn's number, so a turn that is left out changes no other.
 */
final class SteadyWorkload implements GuestWorkload {
  /** Turns that are taken at once at most. */
  static final int MAX_TURNS = 16;

  private static final long ALIGNMENT_BYTES = 1 << 20;
  private static final int RING_PARTS = 4;

  private final WorkloadProfile profile;
  private final List<Area> areas = new ArrayList<>();
  private final long seed;
  private final long intervalNanos;
  private final long phaseNanos;
  private long turn;

  /** The part of a disk that is written. */
  private record Area(int diskIndex, long startBytes, long slots, long firstSlot) {}

  SteadyWorkload(WorkloadProfile profile, List<Long> diskBytes, long seed) {
    this.profile = profile;
    this.seed = seed;
    this.intervalNanos = profile.interval().toNanos();
    // Guests that start together do not write together.
    SplittableRandom random = new SplittableRandom(seed);
    this.phaseNanos = random.nextLong(intervalNanos);
    for (int i = 0; i < diskBytes.size(); i++) {
      long capacity = diskBytes.get(i);
      long start = capacity / 2 / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
      long slots = Math.min(profile.workingSetBytes(), capacity - start) / profile.writeBytes();
      if (slots > 0) {
        areas.add(new Area(i, start, slots, random.nextLong(slots)));
      }
    }
  }

  @Override
  public long nextDueNanos() {
    return phaseNanos + turn * intervalNanos;
  }

  @Override
  public List<GuestIo> takeDue(long elapsedNanos) {
    List<GuestIo> due = new ArrayList<>();
    if (areas.isEmpty() || elapsedNanos < nextDueNanos()) {
      turn = Math.max(turn, turnAfter(elapsedNanos));
      return due;
    }
    long end = turnAfter(elapsedNanos);
    for (long at = Math.max(turn, end - MAX_TURNS); at < end; at++) {
      addTurn(at, due);
    }
    turn = end;
    return due;
  }

  private long turnAfter(long elapsedNanos) {
    return elapsedNanos < phaseNanos ? 0 : (elapsedNanos - phaseNanos) / intervalNanos + 1;
  }

  private void addTurn(long at, List<GuestIo> due) {
    SplittableRandom random = new SplittableRandom(seed ^ (at + 1) * 0x9e3779b97f4a7c15L);
    for (int i = 0; i < profile.writesPerTurn(); i++) {
      long write = at * profile.writesPerTurn() + i;
      Area area = areas.get((int) (write % areas.size()));
      long slot =
          profile.pattern() == WorkloadProfile.Pattern.RANDOM
              ? random.nextLong(area.slots)
              : (area.firstSlot + write / areas.size()) % area.slots;
      if (profile.pattern() == WorkloadProfile.Pattern.RING_WITH_TRIM) {
        addTrim(area, write / areas.size(), slot, due);
      }
      due.add(
          new GuestIo.Write(
              area.diskIndex, area.startBytes + slot * profile.writeBytes(), profile.writeBytes()));
    }
  }

  /** Before the first slot of a part of the ring is written again, the part is trimmed. */
  private void addTrim(Area area, long write, long slot, List<GuestIo> due) {
    long partSlots = (area.slots + RING_PARTS - 1) / RING_PARTS;
    if (write >= area.slots && slot % partSlots == 0) {
      long slots = Math.min(partSlots, area.slots - slot);
      due.add(
          new GuestIo.Trim(
              area.diskIndex,
              area.startBytes + slot * profile.writeBytes(),
              slots * profile.writeBytes()));
    }
  }
}
