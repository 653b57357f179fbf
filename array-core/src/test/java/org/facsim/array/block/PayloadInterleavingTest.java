/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.facsim.array.ArrayException;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.payload.FilePayload;
import org.facsim.array.log.Interleaving;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.file.ForwardingPayload;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.log.file.SimulatedDisk.Trouble;
import org.junit.jupiter.api.Test;

/**
 * Writers and forces of one payload file in every order of their steps: what a writer has written
 * before a force that returned without an error is there when the power fails.
 *
 * <p>Shift with {@code -Dfacsim.interleaving.seed=7}.
 */
class PayloadInterleavingTest {
  private static final int SLOT_BYTES = PayloadStore.SLOT_BYTES;
  private static final long SEED = Long.getLong("facsim.interleaving.seed", 0);

  /** Writers of one block each that force what they wrote, and a force of somebody else. */
  private static final class Scene {
    final SimulatedDisk disk = new SimulatedDisk(1);
    final Interleaving order = new Interleaving();
    final LateFile late;
    final FilePayload payload;
    final List<Long> stable = new CopyOnWriteArrayList<>();

    /**
     * @param notedEarly whether a write is made only after it was noted
     */
    Scene(int writers, boolean notedEarly) {
      late = new LateFile(disk.payload(1), order);
      payload = new FilePayload(notedEarly ? late : disk.payload(1), new Epochs());
      disk.visit(moment -> order.point(moment.name()));
      for (int i = 1; i <= writers; i++) {
        byte salt = (byte) i;
        order.actor("writer " + i, () -> writeAndForce(salt));
      }
      order.actor(
          "committer",
          () -> {
            forceOrFail();
            order.point("AGAIN");
            forceOrFail();
          });
    }

    private void writeAndForce(byte salt) {
      ByteBuffer bytes = ByteBuffer.allocate(SLOT_BYTES).put(7, salt);
      PreparedWrite write;
      try {
        write = PreparedWrite.copyOf(payload, 0, bytes);
      } catch (ArrayException e) {
        return; // the disk refused it, and it is gone
      }
      late.writeLate();
      order.point("WRITTEN");
      if (forceOrFail()) {
        stable.add(write.values[0]);
      }
      assertStable();
    }

    private boolean forceOrFail() {
      try {
        payload.force();
        return true;
      } catch (ArrayException e) {
        return false;
      }
    }

    void assertStable() {
      List<Long> values = List.copyOf(stable);
      for (int i = 0; i < 6; i++) { // chance decides what else survives
        FilePayload found = new FilePayload(disk.afterPowerFailure().payload(1), new Epochs());
        for (long value : values) {
          found.copyOut(value, 0, ByteBuffer.allocate(SLOT_BYTES), 0, SLOT_BYTES);
        }
      }
    }
  }

  /** The mistake that there was: lets a write be noted first, and makes it then. */
  private static final class LateFile extends ForwardingPayload {
    private static final ThreadLocal<Runnable> LATER = new ThreadLocal<>();

    private final PayloadStore file;
    private final Interleaving order;

    LateFile(PayloadStore file, Interleaving order) {
      super(file);
      this.file = file;
      this.order = order;
    }

    @Override
    public void write(long slot, ByteBuffer source) {
      ByteBuffer bytes = ByteBuffer.allocate(source.remaining()).put(source).flip();
      LATER.set(() -> file.write(slot, bytes));
    }

    void writeLate() {
      Runnable write = LATER.get();
      if (write != null) {
        order.point("NOTED");
        LATER.remove();
        write.run();
      }
    }
  }

  @Test
  void whatAForceAcknowledgedSurvivesInEveryOrder() {
    Interleaving.Every every = new Interleaving.Every();
    int orders = 0;
    do {
      new Scene(1, false).order.run("order " + orders, every);
      orders++;
    } while (every.next());
    assertThat(orders).isBetween(20, 1000);
  }

  /** Of a write, a force, or a rewrite. */
  @Test
  void whatAForceAcknowledgedSurvivesAFailureOfAnyOperation() {
    for (int number = 0; number < 300; number++) {
      long seed = SEED + number;
      Scene scene = new Scene(2, false);
      scene.disk.plan(Trouble.FAILING, number % 5, number % 5 + 1 + number % 2);
      scene.order.run("seed " + seed, Interleaving.random(seed));
    }
  }

  @Test
  void aWriteThatIsNotedBeforeItIsMadeIsFoundOut() {
    assertThatThrownBy(
            () -> {
              for (long seed = 0; seed < 2000; seed++) {
                new Scene(2, true).order.run("seed " + seed, Interleaving.random(seed));
              }
            })
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("choices")
        .rootCause()
        .hasMessageContaining("is damaged: its checksum differs");
  }
}
