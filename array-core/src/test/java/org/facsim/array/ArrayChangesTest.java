/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.MIB;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.facsim.array.engine.ArrayEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever keeps a record of what is done to the array hears each change once, by its name. */
class ArrayChangesTest {
  private final StorageArray array =
      ArrayEngine.ephemeral(new ArrayOptions(1L << 30, () -> Instant.EPOCH, 1));
  private final List<String> heard = new ArrayList<>();

  @AfterEach
  void close() {
    array.close();
  }

  private static List<String> names(Set<Volume> volumes) {
    return volumes.stream().map(Volume::name).toList();
  }

  private void listen() {
    array.addListener(
        new ArrayListener() {
          @Override
          public void changed(Set<Volume> gone, Set<Volume> returned) {
            heard.add("changed " + names(gone) + names(returned));
          }

          @Override
          public void volumeMade(Volume volume) {
            heard.add("made " + volume.name());
          }

          @Override
          public void volumeResized(Volume volume, long beforeBytes) {
            heard.add(volume.name() + " from " + beforeBytes + " to " + volume.sizeBytes());
          }

          @Override
          public void volumeDeleted(Volume volume) {
            heard.add("deleted " + volume.name());
          }

          @Override
          public void stateSaved(String name) {
            heard.add("saved " + name);
          }

          @Override
          public void stateRestored(String name, Set<Volume> gone, Set<Volume> returned) {
            heard.add("restored " + name + names(gone) + names(returned));
          }

          @Override
          public void stateDeleted(String name) {
            heard.add("forgot " + name);
          }
        });
  }

  @Test
  void eachIsHeardOnceAndInOrder() {
    listen();
    Volume a = array.createVolume("a", MIB);
    array.resizeVolume(a, 2 * MIB);
    array.saveState("s");
    array.deleteVolume(a);
    array.createVolume("b", MIB);
    array.restoreState("s");
    array.deleteState("s");
    assertThat(heard)
        .containsExactly(
            "made a",
            "a from " + MIB + " to " + 2 * MIB,
            "saved s",
            "changed [a][]",
            "deleted a",
            "made b",
            "changed [b][a]",
            "restored s[b][a]",
            "forgot s");
  }

  @Test
  void whatIsRefusedIsNotHeard() {
    Volume a = array.createVolume("a", MIB);
    listen();
    Workbench.errorOf(() -> array.createVolume("a", MIB));
    Workbench.errorOf(() -> array.resizeVolume(a, 1));
    Workbench.errorOf(() -> array.restoreState("s"));
    Workbench.errorOf(() -> array.deleteState("s"));
    assertThat(heard).isEmpty();
  }
}
