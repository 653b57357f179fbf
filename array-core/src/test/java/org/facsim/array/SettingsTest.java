/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.MIB;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.array.engine.ArrayAudit;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.log.RecordKind;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What doors keep with the array: through restarts, named states and the end of volumes. */
class SettingsTest {
  private static final ArrayOptions OPTIONS = new ArrayOptions(1L << 30, () -> Instant.EPOCH, 42);

  /** Null in memory. */
  private SimulatedDisk disk;

  private ArrayEngine array = ArrayEngine.ephemeral(OPTIONS);
  private Volume volume = array.createVolume("v0", MIB);

  @AfterEach
  void closeAndFindNothingWrong() {
    assertThat(ArrayAudit.of(array)).isEmpty();
    array.close();
  }

  private void useDisk() {
    array.close();
    disk = new SimulatedDisk(1);
    array = ArrayEngine.open(OPTIONS, VolumeLimits.DEFAULT, disk, false);
    volume = array.createVolume("v0", MIB);
  }

  private void restart() {
    array.close();
    reopen();
  }

  private void failPower() {
    array.abandon();
    reopen();
  }

  private void reopen() {
    disk = disk.afterPowerFailure();
    array = ArrayEngine.open(OPTIONS, VolumeLimits.DEFAULT, disk, false);
    volume = array.volume("v0").orElse(null);
  }

  private ArraySettings settings() {
    return array.settings();
  }

  private String get(Volume owner, String name) {
    return text(
        owner == null
            ? settings().get(name).orElse(null)
            : settings().get(owner, name).orElse(null));
  }

  private static String text(byte[] value) {
    return value == null ? null : new String(value, UTF_8);
  }

  private void put(Volume owner, String name, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    if (owner == null) {
      settings().put(name, bytes);
    } else {
      settings().put(owner, name, bytes);
    }
  }

  @Test
  void theArrayAndEachVolumeHaveTheirOwn() {
    Volume other = array.createVolume("other", MIB);
    put(null, "profile", "of the array");
    put(volume, "profile", "of the volume");
    assertThat(get(null, "profile")).isEqualTo("of the array");
    assertThat(get(volume, "profile")).isEqualTo("of the volume");
    assertThat(get(other, "profile")).isNull();
    settings().remove(volume, "profile");
    settings().remove(volume, "never-there");
    assertThat(get(volume, "profile")).isNull();
    assertThat(get(null, "profile")).isEqualTo("of the array");
  }

  @Test
  void theyAreDurableWhenTheCallReturnsAndADirectoryWithoutAnyOpens() {
    useDisk();
    restart();
    int[] rows = {0};
    disk.metadata().load(RecordKind.SETTING, 0, (kind, volume, owner, id, bytes) -> rows[0]++);
    assertThat(rows[0]).as("as an earlier program left it").isZero();
    put(volume, "exports", "10.0.0.0/8(ro)");
    failPower();
    assertThat(get(volume, "exports")).isEqualTo("10.0.0.0/8(ro)");
    settings().remove(volume, "exports");
    failPower();
    assertThat(get(volume, "exports")).isNull();
  }

  @Test
  void aVolumeComesWithItsFirstRowsOrNotAtAll() {
    useDisk();
    array.saveState("before");
    array.createVolume("with", MIB, Map.of("exports", "*(ro)".getBytes(UTF_8)));
    failPower();
    Volume with = array.volume("with").orElseThrow();
    assertThat(get(with, "exports")).isEqualTo("*(ro)");
    disk.plan(SimulatedDisk.Trouble.FULL, disk.operations(), disk.operations() + 1);
    assertThat(
            Workbench.errorOf(
                () -> array.createVolume("none", MIB, Map.of("exports", new byte[] {1}))))
        .isEqualTo(ArrayError.NO_SPACE);
    assertThat(array.volume("none")).isEmpty();
    array.restoreState("before");
    assertThat(array.volumes()).hasSize(1);
  }

  @Test
  void aVolumeWhoseFirstRowsAreRefusedIsNotMade() {
    byte[] tooLong = new byte[ArraySettings.MAX_VALUE_BYTES + 1];
    assertThat(Workbench.errorOf(() -> array.createVolume("v1", MIB, Map.of("a", tooLong))))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
    Map<String, byte[]> tooMany = new HashMap<>();
    for (int i = 0; i <= ArraySettings.MAX_PER_OWNER; i++) {
      tooMany.put("row" + i, new byte[1]);
    }
    assertThat(Workbench.errorOf(() -> array.createVolume("v1", MIB, tooMany)))
        .isEqualTo(ArrayError.NO_SPACE);
    assertThat(array.volumes()).containsExactly(volume);
    assertThat(array.createVolume("v1", MIB).id()).as("its id is not given again").isEqualTo(3);
  }

  @Test
  void whatTheDiskDoesNotTakeIsAsItWas() {
    useDisk();
    put(volume, "exports", "before");
    disk.plan(SimulatedDisk.Trouble.FULL, disk.operations(), disk.operations() + 1);
    ArrayError error = Workbench.errorOf(() -> settings().put(volume, "exports", new byte[10]));
    assertThat(error).isEqualTo(ArrayError.NO_SPACE);
    assertThat(get(volume, "exports")).isEqualTo("before");
    restart();
    assertThat(get(volume, "exports")).isEqualTo("before");
  }

  @Test
  void aChangeThatTheDiskDoesNotTakeUndoesNothingOfAnother() throws Exception {
    useDisk();
    put(volume, "exports", "before");
    List<CompletableFuture<Void>> others = new ArrayList<>();
    disk.plan(SimulatedDisk.Trouble.FULL, disk.operations(), disk.operations() + 1);
    disk.visit(
        moment -> {
          if (others.isEmpty()) {
            others.add(CompletableFuture.runAsync(() -> put(volume, "exports", "other")));
            // set and not durable yet, or not begun before the first has ended
            long deadline = System.nanoTime() + 300_000_000L;
            while (System.nanoTime() < deadline && !"other".equals(get(volume, "exports"))) {
              Thread.onSpinWait();
            }
          }
        });
    ArrayError error = Workbench.errorOf(() -> settings().put(volume, "exports", new byte[10]));
    assertThat(error).isEqualTo(ArrayError.NO_SPACE);
    others.get(0).get(30, TimeUnit.SECONDS);
    assertThat(get(volume, "exports")).isEqualTo("other");
    failPower();
    assertThat(get(volume, "exports")).isEqualTo("other");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStateHasWhatWasSetWhenItWasSaved(boolean durable) {
    if (durable) {
      useDisk();
    }
    put(volume, "profile", "first");
    array.saveState("a");
    put(volume, "profile", "second");
    put(volume, "new", "since a");
    array.saveState("b");
    settings().remove(volume, "profile");
    if (durable) {
      failPower();
    }
    array.restoreState("a");
    assertThat(get(volume, "profile")).isEqualTo("first");
    assertThat(get(volume, "new")).isNull();
    array.restoreState("b");
    assertThat(get(volume, "profile")).isEqualTo("second");
    assertThat(get(volume, "new")).isEqualTo("since a");
  }

  @Test
  void theyGoWithTheirVolumeAndComeBackWithIt() {
    useDisk();
    put(volume, "profile", "kept");
    String name = "v0";
    array.saveState("a");
    array.deleteVolume(volume);
    Volume next = array.createVolume(name, MIB);
    assertThat(get(next, "profile")).as("of another volume of the name").isNull();
    assertThat(Workbench.errorOf(() -> put(volume, "profile", "x"))).isEqualTo(ArrayError.STALE);
    array.restoreState("a");
    Volume back = array.volume(name).orElseThrow();
    assertThat(get(back, "profile")).isEqualTo("kept");
    array.deleteVolume(back);
    array.deleteState("a");
    array.awaitReclaim();
    int[] rows = {0};
    disk.metadata().load(RecordKind.SETTING, 0, (kind, volume, owner, id, bytes) -> rows[0]++);
    assertThat(rows[0]).as("nothing is left of it").isZero();
  }

  @Test
  void theyAreBounded() {
    for (int i = 0; i < ArraySettings.MAX_PER_OWNER; i++) {
      put(volume, "s" + i, "x");
    }
    assertThat(Workbench.errorOf(() -> put(volume, "more", "x"))).isEqualTo(ArrayError.NO_SPACE);
    put(volume, "s0", "another value");
    put(null, "the-array-has-its-own", "x");
    assertThat(Workbench.errorOf(() -> put(null, "no/name", "x")))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
    byte[] longest = new byte[ArraySettings.MAX_VALUE_BYTES];
    settings().put("long", longest);
    assertThat(
            Workbench.errorOf(
                () -> settings().put("long", new byte[ArraySettings.MAX_VALUE_BYTES + 1])))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
  }

  /** The old values that states keep count, too. */
  @Test
  void valuesThatStatesKeepAreBoundedAndDeletingStatesMakesRoom() {
    byte[] value = new byte[ArraySettings.MAX_VALUE_BYTES];
    List<String> states = new ArrayList<>();
    ArrayError error = null;
    while (error == null) {
      value[0]++;
      value[1] = (byte) states.size();
      error = states.size() > 2000 ? ArrayError.IO : trySetting(value);
      array.saveState("s" + states.size());
      states.add("s" + states.size());
    }
    assertThat(error).isEqualTo(ArrayError.NO_SPACE);
    long held = (states.size() + 1L) * value.length;
    assertThat(held)
        .isBetween(ArraySettings.MAX_TOTAL_BYTES * 9 / 10, ArraySettings.MAX_TOTAL_BYTES * 11 / 10);
    states.subList(0, 10).forEach(array::deleteState);
    assertThat(trySetting(value)).isNull();
  }

  private ArrayError trySetting(byte[] value) {
    try {
      settings().put("long", value);
      return null;
    } catch (ArrayException e) {
      return e.error();
    }
  }

  /** Values, states, volumes and restarts by chance, beside maps that are copied whole. */
  @Test
  void historiesEqualAModel() {
    useDisk();
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    Map<String, String> live = new TreeMap<>(Map.of("v0:", ""));
    Map<String, Map<String, String>> states = new HashMap<>();
    for (int step = 0; step < 400; step++) {
      String what = "seed " + seed + ", step " + step;
      String name = random.nextInt(3) == 0 ? null : "v" + random.nextInt(3);
      Volume owner = name == null ? null : array.volume(name).orElse(null);
      String key = (name == null ? "" : name) + ":" + "name" + random.nextInt(3);
      String state = "s" + random.nextInt(4);
      switch (random.nextInt(10)) {
        case 0, 1, 2, 3 -> {
          if (name == null || owner != null) {
            put(owner, key.substring(key.indexOf(':') + 1), "value " + step);
            live.put(key, "value " + step);
          }
        }
        case 4 -> {
          if (name == null) {
            settings().remove(key.substring(1));
            live.remove(key);
          } else if (owner != null) {
            settings().remove(owner, key.substring(key.indexOf(':') + 1));
            live.remove(key);
          }
        }
        case 5 -> {
          if (owner != null) {
            array.deleteVolume(owner);
            live.keySet().removeIf(each -> each.startsWith(name + ":"));
          } else if (name != null) {
            array.createVolume(name, MIB);
            live.put(name + ":", "");
          }
        }
        case 6 -> {
          if (states.putIfAbsent(state, new TreeMap<>(live)) == null) {
            array.saveState(state);
          }
        }
        case 7 -> {
          if (states.containsKey(state)) {
            array.restoreState(state);
            live = new TreeMap<>(states.get(state));
          }
        }
        case 8 -> {
          if (states.remove(state) != null) {
            array.deleteState(state);
          }
        }
        default -> {
          if (random.nextBoolean()) {
            failPower();
          } else {
            restart();
          }
        }
      }
      assertThat(all()).as(what).isEqualTo(live);
      assertThat(array.auditStates()).as(what).isEmpty();
    }
  }

  /** By volume and name, and each volume with no name. */
  private Map<String, String> all() {
    Map<String, String> all = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      addTo(all, ":name" + i, get(null, "name" + i));
      for (Volume each : array.volumes()) {
        all.put(each.name() + ":", "");
        addTo(all, each.name() + ":name" + i, get(each, "name" + i));
      }
    }
    return all;
  }

  private static void addTo(Map<String, String> all, String key, String value) {
    if (value != null) {
      all.put(key, value);
    }
  }
}
