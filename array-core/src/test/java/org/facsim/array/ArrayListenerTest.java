/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.facsim.array.engine.ArrayEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArrayListenerTest {
  private static final long SIZE_BYTES = 1 << 20;

  private record Heard(Set<Volume> gone, Set<Volume> returned) {}

  private final ArrayEngine array =
      ArrayEngine.ephemeral(new ArrayOptions(1L << 30, () -> Instant.EPOCH, 42));
  private final List<Heard> heard = new ArrayList<>();

  @AfterEach
  void close() {
    array.close();
  }

  @Test
  void deletionsAndRestoresAreToldInOrderAndFailedOnesAreNot() {
    Volume a = array.createVolume("a", SIZE_BYTES);
    array.saveState("with-a");
    array.addListener((gone, returned) -> heard.add(new Heard(gone, returned)));
    Volume b = array.createVolume("b", SIZE_BYTES);
    array.deleteVolume(a);
    array.restoreState("with-a");
    array.restoreState("with-a");
    assertThatExceptionOfType(ArrayException.class).isThrownBy(() -> array.deleteVolume(b));
    assertThatExceptionOfType(ArrayException.class).isThrownBy(() -> array.restoreState("none"));
    assertThat(heard)
        .containsExactly(
            new Heard(Set.of(a), Set.of()),
            new Heard(Set.of(b), Set.of(a)),
            new Heard(Set.of(), Set.of()));
  }

  @Test
  void aRestoreIsToldBetweenTheLastChangeBeforeItAndTheFirstAfterIt() {
    Volume volume = array.createVolume("a", SIZE_BYTES);
    array.saveState("empty");
    make(volume, "before");
    List<Boolean> wasThere = new ArrayList<>();
    array.addListener(
        new ArrayListener() {
          @Override
          public void restoring() {
            wasThere.add(isThere(volume, "before"));
            assertThat(array.restoreCount()).isEqualTo(1);
          }

          @Override
          public void changed(Set<Volume> gone, Set<Volume> returned) {
            wasThere.add(isThere(volume, "before"));
          }
        });
    assertThatExceptionOfType(ArrayException.class).isThrownBy(() -> array.restoreState("none"));
    assertThat(wasThere).as("what failed").isEmpty();
    assertThat(array.restoreCount()).isZero();

    array.restoreState("empty");

    assertThat(wasThere).containsExactly(true, false);
    assertThat(array.restoreCount()).isEqualTo(1);
  }

  /** One door's defect must not leave another one with locks and calls of files that are gone. */
  @Test
  void aListenerThatFailsKeepsNobodyElseFromHearing() {
    Volume volume = array.createVolume("a", SIZE_BYTES);
    List<String> told = new ArrayList<>();
    array.addListener(
        new ArrayListener() {
          @Override
          public void preparing(Set<Volume> affected) {
            throw new IllegalStateException("simulated");
          }

          @Override
          public void changed(Set<Volume> gone, Set<Volume> returned) {
            throw new IllegalStateException("simulated");
          }

          @Override
          public void volumeDeleted(Volume gone) {
            throw new IllegalStateException("simulated");
          }
        });
    array.addListener(
        new ArrayListener() {
          @Override
          public void preparing(Set<Volume> affected) {
            told.add("preparing");
          }

          @Override
          public void changed(Set<Volume> gone, Set<Volume> returned) {
            told.add("changed");
          }

          @Override
          public void volumeDeleted(Volume gone) {
            told.add("deleted");
          }
        });
    array.deleteVolume(volume);
    assertThat(told).containsExactly("preparing", "changed", "deleted");
    assertThat(array.volumes()).isEmpty();
  }

  /** Recalling what clients hold of every file is nothing to do for a name that nobody saved. */
  @Test
  void aStateThatIsNotThereDisturbsNobody() {
    array.createVolume("a", SIZE_BYTES);
    List<String> told = new ArrayList<>();
    array.addListener(
        new ArrayListener() {
          @Override
          public void preparing(Set<Volume> affected) {
            told.add("preparing");
          }

          @Override
          public void changed(Set<Volume> gone, Set<Volume> returned) {}
        });
    assertThatExceptionOfType(ArrayException.class)
        .isThrownBy(() -> array.restoreState("none"))
        .withMessageContaining("no state 'none'");
    assertThat(told).isEmpty();
  }

  @Test
  void workInSeveralStepsNoticesARestoreInBetween() {
    Volume volume = array.createVolume("a", SIZE_BYTES);
    array.saveState("empty");
    long before = array.restoreCount();
    volume.unlessRestored(before, () -> make(volume, "first"));
    array.restoreState("empty");
    assertThatExceptionOfType(ArrayException.class)
        .isThrownBy(() -> volume.unlessRestored(before, () -> make(volume, "second")))
        .satisfies(e -> assertThat(e.error()).isEqualTo(ArrayError.STALE));
    assertThat(isThere(volume, "second")).isFalse();
  }

  private static Inode make(Volume volume, String name) {
    return volume
        .names()
        .create(
            Caller.ROOT,
            volume.root(),
            Name.of(name),
            new Volume.CreateMode.Guarded(),
            AttributeChanges.ofMode(0644))
        .inode();
  }

  private static boolean isThere(Volume volume, String name) {
    return volume.names().readDirectory(Caller.ROOT, volume.root(), 0, 10).entries().stream()
        .anyMatch(entry -> entry.name().equals(Name.of(name)));
  }
}
