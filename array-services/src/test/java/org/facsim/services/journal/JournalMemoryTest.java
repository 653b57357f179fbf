/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.InstantSource;
import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.services.calls.Calls;
import org.junit.jupiter.api.Test;

/** The journal books its memory before it takes it, so that it takes none that others need. */
class JournalMemoryTest {
  private final Memory memory = new Memory();
  private final Calls calls = new Calls();
  private final Journal journal =
      new Journal(
          calls, InstantSource.system(), System::nanoTime, CallNames.NONE, memory, List::of);

  private static final class Memory implements Journal.MemoryBooking {
    private static final long LIMIT_BYTES = 4L << 20;
    private long booked;

    @Override
    public boolean tryTake(long bytes) {
      assertThat(bytes).isPositive();
      boolean fits = booked + bytes <= LIMIT_BYTES;
      booked += fits ? bytes : 0;
      return fits;
    }

    @Override
    public void giveBack(long bytes) {
      booked -= bytes;
      assertThat(booked).isNotNegative();
    }
  }

  @Test
  void aJournalThatTheMemoryDoesNotTakeIsRefusedAndTheLastOneStays() {
    journal.resize(1000);
    long bookedBytes = memory.booked;
    assertThat(bookedBytes).isEqualTo(journal.status().maxBytes());
    assertThatExceptionOfType(ArrayException.class)
        .isThrownBy(() -> journal.resize(Journal.DEFAULT_ENTRIES))
        .withMessageContaining("MiB of direct memory")
        .returns(ArrayError.NO_SPACE, ArrayException::error);
    assertThat(journal.status().entries()).isEqualTo(1000);
    assertThat(memory.booked).isEqualTo(bookedBytes);
    assertThat(calls.isWatched()).isTrue();
  }

  @Test
  void whatIsBookedIsWhatTheJournalMayTakeNow() {
    for (int entries : new int[] {1000, 2000, 1500, 3000}) {
      journal.resize(entries);
      assertThat(memory.booked).isEqualTo(journal.status().maxBytes());
      journal.clear();
      assertThat(memory.booked).isEqualTo(journal.status().maxBytes());
    }
    journal.close();
    journal.close();
    assertThat(memory.booked).isZero();
    assertThat(calls.isWatched()).isFalse();
  }

  @Test
  void aSealedJournalBooksNothingAndCanStillBeAsked() {
    journal.resize(1000);
    journal.seal();
    journal.seal();
    assertThat(memory.booked).isZero();
    assertThat(calls.isWatched()).isFalse();
    assertThat(journal.status().entries()).isEqualTo(1000);
    journal.close();
    assertThat(memory.booked).isZero();
  }
}
