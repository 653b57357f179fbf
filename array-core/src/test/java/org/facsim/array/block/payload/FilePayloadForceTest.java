/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.Thread.State;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.facsim.array.ArrayException;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.log.file.SimulatedDisk.Moment;
import org.facsim.array.log.file.SimulatedDisk.Trouble;
import org.junit.jupiter.api.Test;

/** Forces that meet writes, rewrites and each other in the middle. */
class FilePayloadForceTest {
  private static final int SLOT_BYTES = PayloadStore.SLOT_BYTES;
  private static final int RUN_SLOTS = PayloadSlots.RUN_SLOTS;

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final FilePayload payload = new FilePayload(disk.payload(1), new Epochs());

  /** Does something at the first of these moments. */
  private void once(Moment moment, Runnable action) {
    disk.visit(
        now -> {
          if (now == moment) {
            disk.visit(unused -> {});
            action.run();
          }
        });
  }

  private PreparedWrite write(int blocks, int salt) {
    return PreparedWrite.copyOf(payload, 0, blocks(blocks, salt));
  }

  private static ByteBuffer blocks(int blocks, int salt) {
    ByteBuffer bytes = ByteBuffer.allocate(blocks * SLOT_BYTES);
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.put((byte) (i * 31 + i / SLOT_BYTES * 7 + salt));
    }
    return bytes.flip();
  }

  private static void failing(Runnable force) {
    assertThatThrownBy(force::run).isInstanceOf(ArrayException.class);
  }

  private void failNextForce() {
    disk.plan(Trouble.FAILING, disk.operations(), disk.operations() + 1);
  }

  /** What power failures leave holds the write, whichever unforced sectors they take. */
  private void assertStable(PreparedWrite write) {
    for (int i = 0; i < 8; i++) {
      FilePayload found = new FilePayload(disk.afterPowerFailure().payload(1), new Epochs());
      assertReadable(found, write);
    }
  }

  private static void assertReadable(FilePayload payload, PreparedWrite write) {
    ByteBuffer target = ByteBuffer.allocate(SLOT_BYTES);
    for (long value : write.values) {
      payload.copyOut(value, 0, target, 0, SLOT_BYTES); // checks the checksum
    }
  }

  @Test
  void aForceWhileABlockIsOnItsWayDoesNotCountForThatBlock() {
    once(Moment.BEFORE_WRITE, payload::force);
    PreparedWrite write = write(3, 1);
    payload.force();
    assertStable(write);
  }

  @Test
  void aPartialBlockThatIsSealedDuringAForceIsForcedByTheNext() {
    PreparedWrite write = PreparedWrite.copyOf(payload, 100, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    once(Moment.BEFORE_WRITE, payload::force);
    write.seal(0);
    payload.force();
    assertStable(write);
  }

  @Test
  void aBlockThatAFailedForceDroppedBeforeItWasNotedIsWrittenAgain() {
    write(1, 1);
    once(
        Moment.AFTER_WRITE,
        () -> {
          failNextForce();
          failing(payload::force);
          payload.force();
        });
    PreparedWrite write = write(3, 2);
    payload.force();
    assertStable(write);
  }

  @Test
  void aForceWaitsForTheOneUnderWayAndMakesUpForItsFailure() throws Exception {
    PreparedWrite write = write(3, 1);
    CountDownLatch forcing = new CountDownLatch(1);
    CountDownLatch mayFail = new CountDownLatch(1);
    once(
        Moment.BEFORE_FORCE,
        () -> {
          forcing.countDown();
          await(mayFail);
          failNextForce();
        });
    CompletableFuture<Void> first = CompletableFuture.runAsync(() -> failing(payload::force));
    await(forcing);
    Thread second = new Thread(payload::force);
    second.start();
    while (second.getState() == State.RUNNABLE || second.getState() == State.NEW) {
      Thread.onSpinWait();
    }
    assertThat(second.getState()).isNotEqualTo(State.TERMINATED);
    mayFail.countDown();
    first.get(10, TimeUnit.SECONDS);
    second.join(10_000);
    assertStable(write);
  }

  @Test
  void aSlotThatIsUsedAgainDuringARewriteKeepsItsNewBytes() {
    write(RUN_SLOTS - 1, 1).close();
    failNextForce();
    failing(payload::force);
    PreparedWrite[] later = {null};
    disk.visit(
        moment -> { // of the force, if nothing is left to be written again
          if (moment == Moment.AFTER_READ || moment == Moment.BEFORE_FORCE) {
            disk.visit(unused -> {});
            later[0] = write(4 * RUN_SLOTS, 2);
          }
        });
    payload.force();
    payload.force();
    assertReadable(payload, later[0]);
    assertStable(later[0]);
  }

  @Test
  void aSlotThatIsFreedDuringARewriteIsNotUsedBeforeItsEnd() {
    PreparedWrite first = write(RUN_SLOTS - 1, 1);
    failNextForce();
    failing(payload::force);
    PreparedWrite[] later = {null};
    once(
        Moment.AFTER_READ,
        () -> {
          first.close();
          later[0] = write(4 * RUN_SLOTS, 2);
        });
    payload.force();
    payload.force();
    assertReadable(payload, later[0]);
    assertStable(later[0]);
    assertThat(payload.slotsInUse()).isEqualTo(4 * RUN_SLOTS);
    PreparedWrite last = write(RUN_SLOTS, 3);
    assertThat((int) last.values[0]).as("freed slots come back").isLessThan(RUN_SLOTS);
  }

  @Test
  void aSlotThatIsBeingWrittenAgainIsLeftOutOfARewrite() {
    write(RUN_SLOTS - 1, 1).close();
    failNextForce();
    failing(payload::force);
    CountDownLatch written = new CountDownLatch(1);
    CountDownLatch readOrDone = new CountDownLatch(1);
    Thread forcing =
        new Thread(
            () -> {
              payload.force();
              readOrDone.countDown();
            });
    Thread writer = Thread.currentThread();
    disk.visit(
        moment -> {
          boolean isWriters = Thread.currentThread() == writer;
          if (moment == Moment.BEFORE_WRITE && isWriters && forcing.getState() == State.NEW) {
            forcing.start();
            await(readOrDone);
          } else if (moment == Moment.AFTER_WRITE && isWriters) {
            written.countDown();
          } else if (moment == Moment.AFTER_READ && !isWriters) {
            readOrDone.countDown();
            await(written);
          }
        });
    PreparedWrite later = write(4 * RUN_SLOTS, 2);
    join(forcing);
    assertReadable(payload, later);
    payload.force();
    assertStable(later);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    assertThat(thread.isAlive()).isFalse();
  }
}
