/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayPower.Moment;
import org.facsim.array.log.Batch;
import org.facsim.array.log.GroupLog;
import org.facsim.array.log.Home;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A power failure on the way of every group of a workload, on a real directory. */
final class PowerFailureTest {
  private static final int FILES = 4;
  private static final int STEPS = 7;
  private static final int BLOCKS = 3;

  @TempDir Path directory;

  private int runs;

  /** What each file must hold: the value that was acknowledged, or the one on its way. */
  private static final class Promises {
    final int[] acknowledged = new int[FILES];
    int fileOnItsWay = -1;
    int valueOnItsWay;
  }

  private static ArrayOptions options() {
    return new ArrayOptions(Long.MAX_VALUE, InstantSource.system(), 7);
  }

  private static void fill(Volume volume, int file, int value) {
    Name name = Name.of("f" + file);
    Inode inode =
        volume
            .names()
            .create(
                Caller.ROOT,
                volume.root(),
                name,
                new Volume.CreateMode.Unchecked(),
                AttributeChanges.NONE)
            .inode();
    ByteBuffer bytes = ByteBuffer.allocate(BLOCKS * Volume.BLOCK_BYTES);
    while (bytes.hasRemaining()) {
      bytes.putInt(value * 1000 + bytes.position() % 64);
    }
    volume.files().write(Caller.ROOT, inode, 0, bytes.flip());
  }

  /** The value that a whole file holds; 0 if there is none. */
  private static int valueOf(Volume volume, int file) {
    Inode inode;
    try {
      inode = volume.names().lookup(Caller.ROOT, volume.root(), Name.of("f" + file));
    } catch (ArrayException e) {
      return 0;
    }
    if (inode.attributes().sizeBytes() == 0) {
      return 0; // made and not written yet: one group may hold the first alone
    }
    ByteBuffer bytes = ByteBuffer.allocate(BLOCKS * Volume.BLOCK_BYTES);
    volume.files().read(Caller.ROOT, inode, 0, bytes);
    bytes.flip();
    int value = bytes.getInt(0) / 1000;
    while (bytes.hasRemaining()) {
      int at = bytes.position();
      assertThat(bytes.getInt()).as("f%d at %d", file, at).isEqualTo(value * 1000 + at % 64);
    }
    return value;
  }

  /** Returns what was promised when the power failed, or null if it did not. */
  private Promises runUntilCut(Path home, long group, Moment moment, UnaryOperator<Home> disk) {
    ArrayPower power = new ArrayPower(group * 31 + moment.name().length());
    Promises promises = new Promises();
    ArrayEngine array =
        ArrayEngine.open(options(), VolumeLimits.DEFAULT, disk.apply(power.open(home)), false);
    boolean cut = false;
    try {
      Volume volume = array.createVolume("v", 64 << 20);
      power.failAtGroup(group, moment, () -> {});
      for (int step = 1; step <= STEPS && !cut; step++) {
        promises.fileOnItsWay = step * 7 % FILES;
        promises.valueOnItsWay = step;
        fill(volume, promises.fileOnItsWay, step);
        try {
          array.commitIfDurable();
          promises.acknowledged[promises.fileOnItsWay] = step;
        } catch (ArrayException e) {
          assertThat(power.isOff()).isTrue();
          cut = true;
        }
      }
    } finally {
      array.abandon();
    }
    return cut ? promises : null;
  }

  /** What is wrong after a restart. */
  private static List<String> audit(Path home, Promises promises) {
    List<String> problems = new ArrayList<>(ArrayCheck.of(home));
    if (!problems.isEmpty()) {
      return problems;
    }
    try (ArrayEngine array = ArrayEngine.open(options(), home)) {
      Volume volume = array.volume("v").orElseThrow();
      for (int file = 0; file < FILES; file++) {
        int value = valueOf(volume, file);
        boolean onItsWay = file == promises.fileOnItsWay && value == promises.valueOnItsWay;
        if (value != promises.acknowledged[file] && !onItsWay) {
          problems.add(
              "f" + file + " has " + value + ", acknowledged " + promises.acknowledged[file]);
        }
      }
    }
    return problems;
  }

  /** Cuts the power at every group in turn; returns all that was wrong. */
  private List<String> everyGroup(Moment moment, UnaryOperator<Home> disk) {
    List<String> problems = new ArrayList<>();
    for (long group = 1; ; group++) {
      Path home = directory.resolve("run" + runs++);
      Promises promises = runUntilCut(home, group, moment, disk);
      if (promises == null) {
        assertThat(group).isGreaterThanOrEqualTo(STEPS);
        return problems;
      }
      for (String problem : audit(home, promises)) {
        problems.add("group " + group + " " + moment + ": " + problem);
      }
    }
  }

  @Test
  void whatWasAcknowledgedOutlivesAPowerFailureAtEveryGroup() {
    for (Moment moment : Moment.values()) {
      assertThat(everyGroup(moment, home -> home)).isEmpty();
    }
  }

  @Test
  void anArrayThatDoesNotForceItsPayloadIsFoundOut() {
    assertThat(everyGroup(Moment.BEFORE_ANSWER, UnforcedPayload::new))
        .isNotEmpty()
        .allSatisfy(problem -> assertThat(problem).contains("BEFORE_ANSWER"));
  }

  @Test
  void withoutWatchingOnlyWhatMemoryHasIsLost() {
    Path home = directory.resolve("unwatched");
    ArrayPower power = new ArrayPower(3);
    ArrayEngine array = ArrayEngine.open(options(), VolumeLimits.DEFAULT, power.open(home), false);
    Volume volume = array.createVolume("v", 64 << 20);
    fill(volume, 1, 5);
    array.commitIfDurable();
    fill(volume, 2, 6);
    power.fail();
    array.abandon();
    Promises promises = new Promises();
    promises.acknowledged[1] = 5;
    assertThat(audit(home, promises)).isEmpty();
  }

  /** A home that never forces payload: the guard is broken. */
  private record UnforcedPayload(Home home) implements Home {
    @Override
    public MetadataStore metadata() {
      return home.metadata();
    }

    @Override
    public GroupLog log() {
      return home.log();
    }

    @Override
    public Batch newBatch() {
      return home.newBatch();
    }

    @Override
    public PayloadStore payload(int volume) {
      PayloadStore payload = home.payload(volume);
      return new PayloadStore() {
        @Override
        public void write(long slot, ByteBuffer source) {
          payload.write(slot, source);
        }

        @Override
        public void read(long offsetBytes, ByteBuffer target) {
          payload.read(offsetBytes, target);
        }

        @Override
        public void force() {}

        @Override
        public long sizeBytes() {
          return payload.sizeBytes();
        }

        @Override
        public void close() {
          payload.close();
        }
      };
    }

    @Override
    public void removePayload(int volume) {
      home.removePayload(volume);
    }

    @Override
    public void close() {
      home.close();
    }
  }
}
