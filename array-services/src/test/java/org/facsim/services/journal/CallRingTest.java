/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.services.calls.CallTurn;
import org.junit.jupiter.api.Test;

class CallRingTest {
  private final ByteBuffer slot =
      ByteBuffer.allocate(CallRing.SLOT_BYTES).order(ByteOrder.nativeOrder());

  private static void end(CallRing ring, long sequence) {
    ring.ended(sequence);
  }

  @Test
  void aNewCallTakesThePlaceOfTheOldestThatHasEnded() {
    CallRing ring = new CallRing(3, 7);
    for (long each = 7; each < 12; each++) {
      assertThat(ring.claim()).isEqualTo(each);
      assertThat(ring.read(each, slot)).isEqualTo(CallRing.CLAIMED);
      end(ring, each);
    }
    assertThat(ring.end()).isEqualTo(12);
    assertThat(ring.read(8, slot)).isZero();
    assertThat(ring.read(9, slot)).isEqualTo(CallRing.ENDED);
    assertThat(ring.read(11, slot)).isEqualTo(CallRing.ENDED);
    assertThat(ring.read(12, slot)).isZero();
  }

  @Test
  void aCallUnderWayIsPassedOverHoweverLongItTakes() {
    CallRing ring = new CallRing(3, 1);
    long slow = ring.claim();
    CallRing.publish(ring.memory(slow), ring.at(slow), slow, CallRing.RECEIVED);
    List<Long> others = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      long other = ring.claim();
      others.add(other);
      end(ring, other);
    }
    assertThat(others).as("4 and 7 would lie where 1 is").containsExactly(2L, 3L, 5L, 6L, 8L, 9L);
    assertThat(ring.read(slow, slot)).isEqualTo(CallRing.RECEIVED);
    assertThat(ring.unrecorded()).isZero();
    end(ring, slow);
    assertThat(ring.claim()).isEqualTo(10);
  }

  @Test
  void whenAllAreUnderWayACallGoesUnrecordedAndIsCounted() {
    CallRing ring = new CallRing(2, 1);
    ring.claim();
    ring.claim();
    assertThat(ring.claim()).isZero();
    assertThat(ring.unrecorded()).isEqualTo(1);
  }

  /** A claim for several calls takes as many slots as are free one behind the other. */
  @Test
  void oneClaimServesSeveralCallsAndEndsBeforeACallUnderWay() {
    CallRing ring = new CallRing(8, 1);
    CallTurn turn = new CallTurn();
    assertThat(ring.claim(3, turn)).isEqualTo(1);
    ring.begin(1);
    end(ring, 1);
    assertThat(turn.next(ring)).isEqualTo(2);
    ring.begin(2); // stays under way
    assertThat(turn.next(ring)).isEqualTo(3);
    assertThat(turn.next(ring)).isZero();
    assertThat(ring.isOpen(3)).isTrue();
    assertThat(ring.claim(5, turn)).isEqualTo(4);
    assertThat(ring.isOpen(3)).as("its turn is over").isFalse();
    for (long each = 5; each < 9; each++) {
      assertThat(turn.next(ring)).isEqualTo(each);
    }
    assertThat(ring.claim(4, turn)).as("1 is free, 2 is not").isEqualTo(9);
    assertThat(turn.next(ring)).isZero();
    assertThat(ring.claim(100, turn)).as("10 would lie where 2 is").isEqualTo(11);
    assertThat(ring.end()).isEqualTo(18);
    assertThat(ring.isOpen(12)).isTrue();
    turn.ends();
    assertThat(ring.read(12, slot)).isZero();
    assertThat(ring.isOpen(12)).isFalse();
    assertThat(ring.read(2, slot)).as("overtaken, and there").isEqualTo(CallRing.CLAIMED);
  }

  /** Each number is given once, and a reader never sees one call's bytes under another's number. */
  @Test
  void threadsNeverShareASlotAndReadersSeeWholeCalls() throws InterruptedException {
    CallRing ring = new CallRing(64, 1);
    AtomicLong claimed = new AtomicLong();
    AtomicBoolean stop = new AtomicBoolean();
    List<Throwable> failures = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      threads.add(
          new Thread(
              () -> {
                CallTurn turn = new CallTurn();
                while (!stop.get()) {
                  long sequence = turn.next(ring);
                  sequence =
                      sequence == 0 ? ring.claim(1 + claimed.intValue() % 5, turn) : sequence;
                  if (sequence == 0) {
                    continue;
                  }
                  ring.begin(sequence);
                  claimed.incrementAndGet();
                  ByteBuffer memory = ring.memory(sequence);
                  int at = ring.at(sequence);
                  for (int field = CallRing.RECEIVED_NANOS; field < CallRing.REQUEST; field += 8) {
                    memory.putLong(at + field, sequence);
                  }
                  end(ring, sequence);
                }
              }));
    }
    threads.add(
        new Thread(
            () -> {
              ByteBuffer copy =
                  ByteBuffer.allocate(CallRing.SLOT_BYTES).order(ByteOrder.nativeOrder());
              while (!stop.get()) {
                long end = ring.end();
                for (long each = Math.max(1, end - 64); each < end; each++) {
                  if (ring.read(each, copy) == CallRing.ENDED) {
                    for (int field = 8; field < CallRing.REQUEST; field += 8) {
                      if (copy.getLong(field) != each) {
                        failures.add(new AssertionError(each + " has " + copy.getLong(field)));
                        return;
                      }
                    }
                  }
                }
              }
            }));
    threads.forEach(Thread::start);
    for (int i = 0; i < 500 && claimed.get() < 300_000; i++) {
      Thread.sleep(10);
    }
    stop.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failures).isEmpty();
    assertThat(claimed.get()).isPositive().isLessThanOrEqualTo(ring.end() - 1);
  }

  @Test
  void aTextIsThereUntilItsPlaceIsNeeded() {
    TextRing texts = new TextRing(16 << 10);
    long first = texts.add("first".getBytes(UTF_8));
    assertThat(texts.isFresh(first)).isTrue();
    assertThat(texts.isFresh(0)).isFalse();
    byte[] filler = new byte[1000];
    for (int i = 0; i < 9; i++) {
      texts.add(filler);
    }
    assertThat(texts.isFresh(first)).as("in the older half").isFalse();
    assertThat(texts.get(first)).isEqualTo("first".getBytes(UTF_8));
    for (int i = 0; i < 8; i++) {
      texts.add(filler);
    }
    assertThat(texts.get(first)).isNull();
    long longest = texts.add(new byte[TextRing.MAX_BYTES + 1]);
    assertThat(texts.get(longest)).hasSize(TextRing.MAX_BYTES);
  }

  /** A hundred thousand calls, with everything that an export needs. */
  @Test
  void aRingOfAHundredThousandCallsIsSmallerThan64MiB() {
    long bytes = CallRing.bytesFor(100_000) + Journal.textBytes(100_000);
    assertThat(bytes).isLessThan(64 << 20).isEqualTo(64_018_432);
  }
}
