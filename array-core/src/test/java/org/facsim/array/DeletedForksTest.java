/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.MIB;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A deleted state in which more than two edges meet stays in the tree, but no block stays for it:
 * the array holds exactly what it needs itself and what the states with a name need.
 */
class DeletedForksTest {
  private static final int STEPS = 250;

  /** By volume, then by file: which write each block is of. */
  private Map<String, Map<String, List<Integer>>> live = new TreeMap<>();

  private final Map<String, Map<String, Map<String, List<Integer>>>> states = new TreeMap<>();
  private Workbench bench = new Workbench();
  private Random random;
  private int writes;
  private int volumes;
  private boolean durable;

  private void useDisk(long seed) {
    durable = true;
    bench.close();
    bench = new Workbench(1024 * MIB, 256 * MIB, VolumeLimits.DEFAULT, new SimulatedDisk(seed));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatIsHeldIsWhatTheArrayAndNamedStatesNeed(long seed) {
    play(seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void theSameAfterRestartsAndPowerCuts(long seed) {
    useDisk(seed);
    play(seed);
  }

  private void play(long seed) {
    random = new Random(seed);
    live.put("datastore1", new TreeMap<>());
    for (int step = 0; step < STEPS; step++) {
      String what = step();
      assertHolds("seed " + seed + ", step " + step + ": " + what);
    }
    for (String state : List.copyOf(states.keySet())) {
      restore(state);
      assertHolds("seed " + seed + ", at last in " + state);
    }
    for (String state : List.copyOf(states.keySet())) {
      delete(state);
      assertHolds("seed " + seed + ", at last without " + state);
    }
    assertThat(bench.volume.space().ofVolume().retainedByStatesBytes()).isZero();
    bench.close();
  }

  /** One change; says which. */
  private String step() {
    String state = "s" + random.nextInt(9);
    switch (random.nextInt(16)) {
      case 0, 1 -> {
        if (states.containsKey(state)) {
          restore(state);
          return "restore " + state;
        }
        return save(state);
      }
      case 2 -> {
        return save(state);
      }
      case 3, 4 -> {
        if (states.containsKey(state)) {
          delete(state);
        }
        return "delete " + state;
      }
      case 5, 6 -> {
        if (states.containsKey(state)) {
          restore(state);
        }
        return "restore " + state;
      }
      case 7 -> {
        return changeVolumes();
      }
      case 8 -> {
        cutPower();
        return "power cut or restart";
      }
      case 9, 10 -> {
        String volume = anyVolume();
        String file = "f" + random.nextInt(4);
        if (volume != null && live.get(volume).remove(file) != null) {
          volume(volume).names().remove(Caller.ROOT, volume(volume).root(), Name.of(file));
        }
        return "remove " + file;
      }
      default -> {
        return write(anyVolume(), "f" + random.nextInt(4));
      }
    }
  }

  private String write(String volume, String file) {
    if (volume == null) {
      return "nothing";
    }
    Volume in = volume(volume);
    List<Integer> blocks = live.get(volume).computeIfAbsent(file, any -> new ArrayList<>());
    Inode inode =
        in.names()
            .create(
                Caller.ROOT, in.root(), Name.of(file), Workbench.UNCHECKED, AttributeChanges.NONE)
            .inode();
    int block = random.nextInt(Math.min(4, blocks.size() + 1));
    writes++;
    ByteBuffer data = ByteBuffer.allocate(Volume.BLOCK_BYTES).putInt(0, writes);
    in.files().write(Caller.ROOT, inode, (long) block * Volume.BLOCK_BYTES, data);
    if (block == blocks.size()) {
      blocks.add(writes);
    } else {
      blocks.set(block, writes);
    }
    return "write " + volume + "/" + file;
  }

  private String changeVolumes() {
    if (live.size() > 1 && random.nextBoolean()) {
      String gone =
          live.keySet().stream().filter(each -> !each.equals("datastore1")).findAny().get();
      live.remove(gone);
      bench.array.deleteVolume(volume(gone));
      return "delete volume " + gone;
    }
    String made = "v" + volumes++;
    bench.array.createVolume(made, 16 * MIB);
    live.put(made, new TreeMap<>());
    return "make volume " + made;
  }

  private String save(String state) {
    if (!states.containsKey(state)) {
      bench.array.saveState(state);
      states.put(state, copy(live));
    }
    return "save " + state;
  }

  private void restore(String state) {
    bench.array.restoreState(state);
    live = copy(states.get(state));
    live.forEach(
        (volume, files) ->
            files.forEach((file, blocks) -> assertThat(contents(volume, file)).isEqualTo(blocks)));
  }

  private void delete(String state) {
    bench.array.deleteState(state);
    states.remove(state);
  }

  private void cutPower() {
    if (durable) {
      bench.array.commitIfDurable();
      if (random.nextBoolean()) {
        bench.failPower();
      } else {
        bench.restart();
      }
    }
  }

  private void assertHolds(String after) {
    bench.array.awaitReclaim();
    Set<Integer> needed = blocksOf(live);
    states.values().forEach(state -> needed.addAll(blocksOf(state)));
    assertThat(bench.array.physicalUsedBytes() / Volume.BLOCK_BYTES)
        .as(after)
        .isEqualTo(needed.size());
    assertThat(bench.audit()).as(after).isEmpty();
    for (NamedState state : bench.array.states()) {
      Set<Integer> others = blocksOf(live);
      states.forEach(
          (name, each) -> {
            if (!name.equals(state.name())) {
              others.addAll(blocksOf(each));
            }
          });
      Set<Integer> alone = blocksOf(states.get(state.name()));
      alone.removeAll(others);
      assertThat(state.keptBytes() / Volume.BLOCK_BYTES)
          .as("%s: kept by %s", after, state.name())
          .isEqualTo(alone.size());
    }
  }

  private Volume volume(String name) {
    return bench.array.volume(name).orElseThrow();
  }

  private String anyVolume() {
    List<String> names = List.copyOf(live.keySet());
    return names.isEmpty() ? null : names.get(random.nextInt(names.size()));
  }

  private List<Integer> contents(String volume, String file) {
    Volume in = volume(volume);
    Inode inode = in.names().lookup(Caller.ROOT, in.root(), Name.of(file));
    ByteBuffer data = ByteBuffer.allocate((int) inode.attributes().sizeBytes());
    in.files().read(Caller.ROOT, inode, 0, data);
    List<Integer> blocks = new ArrayList<>();
    for (int at = 0; at < data.position(); at += Volume.BLOCK_BYTES) {
      blocks.add(data.getInt(at));
    }
    return blocks;
  }

  private static Set<Integer> blocksOf(Map<String, Map<String, List<Integer>>> volumes) {
    return volumes.values().stream()
        .flatMap(files -> files.values().stream())
        .flatMap(List::stream)
        .collect(Collectors.toCollection(HashSet::new));
  }

  private static Map<String, Map<String, List<Integer>>> copy(
      Map<String, Map<String, List<Integer>>> volumes) {
    Map<String, Map<String, List<Integer>>> copy = new TreeMap<>();
    volumes.forEach(
        (volume, files) -> {
          Map<String, List<Integer>> copied = new TreeMap<>();
          files.forEach((file, blocks) -> copied.put(file, new ArrayList<>(blocks)));
          copy.put(volume, copied);
        });
    return copy;
  }
}
