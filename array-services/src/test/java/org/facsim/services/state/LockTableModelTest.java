/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.facsim.array.Inode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Long random histories beside a naive model: who holds each byte of a small file how, and who
 * waits, in a list. The last byte of the model stands for everything up to the end.
 */
class LockTableModelTest {
  private static final int FILES = 2;
  private static final int BYTES = 24;
  private static final int OWNERS = 5;
  private static final int STEPS = 6_000;

  private record Client(int number) implements LockClient {}

  private record Wait(int file, int owner, int first, int last, LockMode mode) {}

  /** By file, byte and owner: null, or how it is held. */
  private final LockMode[][][] bytes = new LockMode[FILES][BYTES][OWNERS];

  private final List<Wait> waits = new ArrayList<>();
  private final List<Wait> grantedByModel = new ArrayList<>();
  private final List<Wait> grantedByTable = new ArrayList<>();
  private final LockOwner[] owners = new LockOwner[OWNERS];
  private final Inode[] files = new Inode[FILES];
  private final LockTable table = new LockTable();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithTheModelAfterEveryStep(long seed) {
    Random random = new Random(seed);
    try (LockedVolume locked = new LockedVolume()) {
      for (int i = 0; i < FILES; i++) {
        files[i] = locked.file("f" + i);
      }
      for (int i = 0; i < OWNERS; i++) {
        // two owners on one client, so that a client that goes takes more than one owner along
        owners[i] = new LockOwner(new Client(i / 2), i);
      }
      for (int step = 0; step < STEPS; step++) {
        step(random, "seed " + seed + ", step " + step);
      }
    }
  }

  private void step(Random random, String when) {
    int file = random.nextInt(FILES);
    int owner = random.nextInt(OWNERS);
    int first = random.nextInt(BYTES);
    int last = first + random.nextInt(random.nextBoolean() ? 4 : BYTES);
    last = Math.min(last, BYTES - 1);
    LockMode mode = random.nextBoolean() ? LockMode.SHARED : LockMode.EXCLUSIVE;
    ByteRange range = range(first, last);
    Wait wish = new Wait(file, owner, first, last, mode);
    switch (random.nextInt(10)) {
      case 0, 1 -> lock(wish, range, when);
      case 2, 3, 4 -> lockOrWait(wish, range, when);
      case 5, 6, 7 -> {
        assertThat(table.unlock(files[file], owners[owner], range)).as(when).isTrue();
        set(file, owner, first, last, null);
        serve(file);
      }
      case 8 -> cancel(random, wish, when);
      default -> {
        if (random.nextInt(6) == 0) {
          release(owner / 2);
        } else {
          HeldLock holder = table.test(files[file], owners[owner], range, mode);
          assertThat(holder != null).as(when).isEqualTo(conflicts(wish));
        }
      }
    }
    compare(when);
  }

  private static ByteRange range(int first, int last) {
    return new ByteRange(first, last == BYTES - 1 ? ByteRange.END : last);
  }

  private void lock(Wait wish, ByteRange range, String when) {
    LockOutcome outcome = table.lock(files[wish.file()], owners[wish.owner()], range, wish.mode());
    if (conflicts(wish)) {
      assertThat(outcome).as(when).isInstanceOf(LockOutcome.Denied.class);
    } else {
      assertThat(outcome).as(when).isInstanceOf(LockOutcome.Granted.class);
      take(wish);
    }
  }

  private void take(Wait wish) {
    waits.remove(wish);
    set(wish.file(), wish.owner(), wish.first(), wish.last(), wish.mode());
    serve(wish.file());
  }

  private void lockOrWait(Wait wish, ByteRange range, String when) {
    LockOutcome outcome =
        table.lockOrWait(
            files[wish.file()],
            owners[wish.owner()],
            range,
            wish.mode(),
            held -> grantedByTable.add(wish));
    if (!conflicts(wish)) {
      assertThat(outcome).as(when).isInstanceOf(LockOutcome.Granted.class);
      take(wish);
    } else if (waits.contains(wish)) {
      assertThat(outcome).as(when).isInstanceOf(LockOutcome.Waiting.class);
    } else if (waitsFor(wish, wish.owner(), new ArrayList<>())) {
      assertThat(outcome).as(when).isInstanceOf(LockOutcome.Deadlock.class);
    } else {
      assertThat(outcome).as(when).isInstanceOf(LockOutcome.Waiting.class);
      waits.add(wish);
    }
  }

  /** Whether who stands against this waits for the target, by plain recursion. */
  private boolean waitsFor(Wait wish, int target, List<Integer> seen) {
    for (int other = 0; other < OWNERS; other++) {
      if (other == wish.owner() || !standsAgainst(wish, other)) {
        continue;
      }
      if (other == target) {
        return true;
      }
      if (!seen.contains(other)) {
        seen.add(other);
        for (Wait next : waits) {
          if (next.owner() == other && waitsFor(next, target, seen)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private void cancel(Random random, Wait wish, String when) {
    Wait which =
        waits.isEmpty() || random.nextInt(4) == 0 ? wish : waits.get(random.nextInt(waits.size()));
    boolean cancelled =
        table.cancel(
            files[which.file()],
            owners[which.owner()],
            range(which.first(), which.last()),
            which.mode());
    assertThat(cancelled).as(when).isEqualTo(waits.remove(which));
  }

  private void release(int client) {
    table.release(owner -> owner.client().equals(new Client(client)));
    waits.removeIf(wait -> wait.owner() / 2 == client);
    for (int file = 0; file < FILES; file++) {
      for (int owner = 0; owner < OWNERS; owner++) {
        if (owner / 2 == client) {
          set(file, owner, 0, BYTES - 1, null);
        }
      }
    }
    for (int file = 0; file < FILES; file++) {
      serve(file);
    }
  }

  private void set(int file, int owner, int first, int last, LockMode mode) {
    for (int at = first; at <= last; at++) {
      bytes[file][at][owner] = mode;
    }
  }

  private boolean conflicts(Wait wish) {
    for (int other = 0; other < OWNERS; other++) {
      if (other != wish.owner() && standsAgainst(wish, other)) {
        return true;
      }
    }
    return false;
  }

  private boolean standsAgainst(Wait wish, int other) {
    for (int at = wish.first(); at <= wish.last(); at++) {
      LockMode held = bytes[wish.file()][at][other];
      if (held != null && (held == LockMode.EXCLUSIVE || wish.mode() == LockMode.EXCLUSIVE)) {
        return true;
      }
    }
    return false;
  }

  private void serve(int file) {
    Iterator<Wait> each = waits.iterator();
    while (each.hasNext()) {
      Wait wait = each.next();
      if (wait.file() == file && !conflicts(wait)) {
        each.remove();
        set(file, wait.owner(), wait.first(), wait.last(), wait.mode());
        grantedByModel.add(wait);
      }
    }
  }

  private void compare(String when) {
    LockMode[][][] found = new LockMode[FILES][BYTES][OWNERS];
    HeldLock before = null;
    for (HeldLock lock : table.held()) {
      int file = lock.file() == files[0] ? 0 : 1;
      int owner = (Integer) lock.owner().key();
      long last = Math.min(lock.range().lastByte(), BYTES - 1);
      for (int at = (int) lock.range().firstByte(); at <= last; at++) {
        assertThat(found[file][at][owner]).as("%s: held twice", when).isNull();
        found[file][at][owner] = lock.mode();
      }
      boolean mergeable =
          before != null
              && before.file() == lock.file()
              && before.owner().equals(lock.owner())
              && before.mode() == lock.mode()
              && before.range().lastByte() + 1 == lock.range().firstByte();
      assertThat(mergeable).as("%s: %s and %s are one range", when, before, lock).isFalse();
      before = lock;
    }
    assertThat(found).as(when).isDeepEqualTo(bytes);
    assertThat(table.waiterCount()).as(when).isEqualTo(waits.size());
    assertThat(grantedByTable).as(when).containsExactlyInAnyOrderElementsOf(grantedByModel);
    grantedByTable.clear();
    grantedByModel.clear();
  }
}
