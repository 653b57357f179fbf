/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.table.NameTable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is said of files that direct memory still takes is what it takes. */
final class FreeFilesTest {
  private static final int DIRECTORY = 1;
  private static final int NAME_BYTES = 16;

  /** A slab of rows and a slab of names may be begun and not filled. */
  private static final int INEXACT = 3000;

  private final BlockStoreFixture fixture = new BlockStoreFixture(1 << 20, 2 << 20);
  private final NameTable names = fixture.store.openNames(7);
  private final Deque<int[]> made = new ArrayDeque<>();
  private int number;

  @AfterEach
  void close() {
    fixture.pool.close(); // rows go back when nobody can reach them, so not all is back now
  }

  private static byte[] name(int number) {
    return "n%015d".formatted(number).getBytes(StandardCharsets.US_ASCII);
  }

  private long free() {
    return fixture.locked(() -> fixture.store.freeMemory().files(NAME_BYTES));
  }

  private void makeOne() {
    fixture.store.inodeRows().requireRoomFor(1);
    names.requireRoomFor(1, NAME_BYTES);
    int row = fixture.store.inodeRows().take();
    made.add(new int[] {row, names.add(DIRECTORY, name(number++), row, number)});
  }

  private void fill() {
    try {
      while (true) {
        fixture.locked(this::makeOne);
      }
    } catch (ArrayException e) {
      assertThat(e.error()).isEqualTo(ArrayError.NO_SPACE);
    }
  }

  @Test
  void asManyFilesAreMadeAsWereSaidToBeFree() {
    long said = free();
    assertThat(said).isBetween(10_000L, 30_000L);

    for (int i = 0; i < 5000; i++) {
      fixture.locked(this::makeOne);
    }
    assertThat(free()).isBetween(said - 5000 - INEXACT, said - 5000 + INEXACT);

    fill();
    assertThat((long) made.size()).isBetween(said - INEXACT, said + INEXACT);
    assertThat(free()).isLessThan(INEXACT);
  }

  @Test
  void whatIsRemovedIsFreeAgain() {
    fill();
    int most = made.size();
    while (made.size() > most / 4) {
      int[] gone = made.remove();
      fixture.locked(
          () -> {
            names.remove(gone[1]);
            fixture.store.inodeRows().giveBack(gone[0]);
          });
    }
    assertThat(free()).isBetween(most * 3L / 4 - INEXACT, most * 3L / 4 + INEXACT);
  }
}
