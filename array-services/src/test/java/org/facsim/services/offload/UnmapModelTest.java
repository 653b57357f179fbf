/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.facsim.array.Caller;
import org.facsim.array.FileRange;
import org.facsim.array.Name;
import org.facsim.array.Snapshot;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * UNMAP among clones, snapshots and a named state, against a model by seed: the freed blocks are
 * exactly those that nobody else holds, the ledger falls by them, and every byte of every file is
 * that of the model.
 */
final class UnmapModelTest extends OffloadScenarios {
  private static final int FILE_BLOCKS = 24;
  private static final int STEPS = 250;
  private static final int MAX_FILES = 6;

  /** The blocks of each file: the number of the write that filled it, or 0 for a hole. */
  private final Map<String, int[]> files = new TreeMap<>();

  private final Map<String, int[]> snapshots = new TreeMap<>();

  /** What the named state holds. */
  private List<int[]> state = List.of();

  private SplittableRandom random;
  private int writes;
  private int made;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void freedIsExactlyWhatNobodyElseHolds(long seed) {
    random = new SplittableRandom(seed);
    int granule = 1 << random.nextInt(4);
    lab.profiles()
        .set(
            "one",
            NamedProfiles.SHARING.draft().unmapGranularityBytes((long) granule * BLOCK).freeze());
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("source"));
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("copy"));
    add("base", FILE_BLOCKS);
    for (int step = 0; step < STEPS; step++) {
      step(granule, "seed " + seed + " step " + step);
    }
    assertContents("seed " + seed);
  }

  private void step(int granule, String when) {
    switch (random.nextInt(10)) {
      case 0 -> cloneAny();
      case 1 -> removeAny();
      case 2 -> snapshotAny();
      case 3 -> saveState();
      case 4, 5, 6 -> writeAny();
      default -> unmapAny(granule, when);
    }
  }

  private String any() {
    return List.copyOf(files.keySet()).get(random.nextInt(files.size()));
  }

  private void add(String name, int blocks) {
    lab.setSize(lab.makeFile(lab.volume(), name, 0644), (long) blocks * BLOCK);
    files.put(name, new int[blocks]);
  }

  private void cloneAny() {
    if (files.size() < MAX_FILES) {
      String from = any();
      String to = "file" + made++;
      OffloadLab.await(
          engine
              .startClone(order(FileRef.byPath(from), FileRef.byPath(to), CloneOption.LAZY))
              .answer());
      files.put(to, files.get(from).clone());
    }
  }

  private void removeAny() {
    if (files.size() > 2) {
      String name = any();
      lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of(name));
      files.remove(name);
    }
  }

  private void snapshotAny() {
    if (snapshots.size() == 2) {
      String first = snapshots.keySet().iterator().next();
      Snapshot old =
          lab.volume().snapshots().all().stream()
              .filter(each -> each.name().equals(first))
              .findFirst()
              .orElseThrow();
      lab.volume().snapshots().delete(Caller.ROOT, old);
      snapshots.remove(first);
    }
    String of = any();
    String name = "snap" + made++;
    lab.volume().snapshots().create(Caller.ROOT, lab.lookup(of), name);
    snapshots.put(name, files.get(of).clone());
  }

  private void saveState() {
    if (!state.isEmpty()) {
      lab.array().deleteState("state");
    }
    lab.array().saveState("state");
    state = new ArrayList<>();
    files.values().forEach(blocks -> state.add(blocks.clone()));
    snapshots.values().forEach(blocks -> state.add(blocks.clone()));
  }

  private void writeAny() {
    String name = any();
    int first = random.nextInt(FILE_BLOCKS);
    int end = Math.min(FILE_BLOCKS, first + 1 + random.nextInt(6));
    for (int block = first; block < end; block++) {
      lab.write(lab.lookup(name), block, ++writes);
      files.get(name)[block] = writes;
    }
  }

  private void unmapAny(int granule, String when) {
    String name = any();
    long size = (long) FILE_BLOCKS * BLOCK;
    List<FileRange> ranges = new ArrayList<>();
    boolean[] wanted = new boolean[FILE_BLOCKS * BLOCK];
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      long offset = random.nextLong(size);
      boolean isAligned = random.nextBoolean();
      offset = isAligned ? offset / BLOCK * BLOCK : offset;
      long length = Math.min(size - offset, 1 + random.nextLong(8L * BLOCK));
      ranges.add(new FileRange(offset, length));
      for (long at = offset; at < offset + length; at++) {
        wanted[(int) at] = true;
      }
    }
    lab.array().awaitReclaim();
    long used = lab.volume().space().ofVolume().physicalUsedBytes();
    int[] blocks = files.get(name);
    Set<Integer> others = heldByOthers(name);
    long unmapped = 0;
    long freed = 0;
    for (int first = 0; first < FILE_BLOCKS; first += granule) {
      if (isWhole(wanted, first * BLOCK, Math.min(FILE_BLOCKS, first + granule) * BLOCK)) {
        for (int block = first; block < Math.min(FILE_BLOCKS, first + granule); block++) {
          unmapped += blocks[block] == 0 ? 0 : BLOCK;
          freed += blocks[block] == 0 || others.contains(blocks[block]) ? 0 : BLOCK;
          blocks[block] = 0;
        }
      }
    }
    assertThat(OffloadLab.await(engine.unmap(root(), FileRef.byPath(name), ranges)))
        .as("%s: %s of %s", when, ranges, name)
        .isEqualTo(new UnmappedSpace(unmapped, freed, 0));
    lab.array().awaitReclaim();
    assertThat(lab.volume().space().ofVolume().physicalUsedBytes())
        .as("%s: the ledger", when)
        .isEqualTo(used - freed);
    if (random.nextInt(8) == 0) {
      assertContents(when);
    }
  }

  private static boolean isWhole(boolean[] wanted, int from, int to) {
    for (int at = from; at < to; at++) {
      if (!wanted[at]) {
        return false;
      }
    }
    return true;
  }

  private Set<Integer> heldByOthers(String name) {
    Set<Integer> held = new HashSet<>();
    files.forEach((other, blocks) -> addAll(held, other.equals(name) ? new int[0] : blocks));
    snapshots.values().forEach(blocks -> addAll(held, blocks));
    state.forEach(blocks -> addAll(held, blocks));
    return held;
  }

  private static void addAll(Set<Integer> held, int[] blocks) {
    for (int block : blocks) {
      held.add(block);
    }
  }

  private void assertContents(String when) {
    Set<Integer> all = heldByOthers("");
    all.remove(0);
    assertThat(lab.volume().space().ofVolume().physicalUsedBytes())
        .as("%s: distinct blocks of %s", when, files.keySet().stream().collect(Collectors.toSet()))
        .isEqualTo((long) all.size() * BLOCK);
    files.forEach(
        (name, blocks) -> {
          for (int block = 0; block < FILE_BLOCKS; block++) {
            assertThat(lab.seedAt(lab.lookup(name), block))
                .as("%s: block %d of %s", when, block, name)
                .isEqualTo(blocks[block] == 0 ? -1 : blocks[block]);
          }
        });
  }
}
