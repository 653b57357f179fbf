/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectoryListingTest {
  private final Workbench bench = new Workbench();
  private final Volume volume = bench.volume;

  @AfterEach
  void close() {
    bench.close();
  }

  private DirectoryPage page(long cookie, int maxEntries) {
    return volume.names().readDirectory(Caller.ROOT, bench.root, cookie, maxEntries);
  }

  @Test
  void entriesComeInCookieOrderFromTheFirstCookie() {
    for (String name : List.of("c", "a", "b")) {
      bench.file(name);
    }
    DirectoryPage all = page(0, 10);

    assertThat(all.endOfDirectory()).isTrue();
    assertThat(all.entries())
        .extracting(entry -> entry.name() + "=" + entry.cookie())
        .containsExactly("c=3", "a=4", "b=5");
    assertThat(all.entries().get(0).inode()).isSameAs(bench.lookup(bench.root, "c"));
  }

  @Test
  void pagesEndWhereTheDirectoryEnds() {
    assertThat(page(0, 1)).isEqualTo(new DirectoryPage(List.of(), true));
    bench.file("a");
    bench.file("b");

    assertThat(page(0, 1).endOfDirectory()).isFalse();
    assertThat(page(0, 2).endOfDirectory()).isTrue();
    assertThat(page(3, 1).entries())
        .extracting(entry -> entry.name().toString())
        .containsExactly("b");
    assertThat(page(3, 1).endOfDirectory()).isTrue();
    assertThat(page(4, 1)).isEqualTo(new DirectoryPage(List.of(), true));
    assertThat(page(2, 9)).isEqualTo(page(0, 9));
  }

  @Test
  void cookiesOfEntriesThatAreGoneResumeAfterThem() {
    bench.file("a");
    bench.file("b");
    bench.file("c");
    volume.names().remove(Caller.ROOT, bench.root, name("b"));

    assertThat(page(4, 9).entries()).extracting(DirectoryEntry::cookie).containsExactly(5L);
    volume.names().remove(Caller.ROOT, bench.root, name("c"));
    assertThat(page(5, 9)).isEqualTo(new DirectoryPage(List.of(), true));
    bench.file("d");
    assertThat(page(5, 9).entries()).extracting(DirectoryEntry::cookie).containsExactly(6L);
  }

  @Test
  void cookiesNeverGivenAndEmptyPagesAreRefused() {
    bench.file("a");

    assertThat(errorOf(() -> page(4, 1))).isEqualTo(ArrayError.BAD_COOKIE);
    assertThat(errorOf(() -> page(-1, 1))).isEqualTo(ArrayError.BAD_COOKIE);
    assertThat(errorOf(() -> page(0, 0))).isEqualTo(ArrayError.INVALID_ARGUMENT);
  }

  /** A listing in small pages, with a burst of changes between any two of them. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatIsThereThroughoutIsListedExactlyOnce(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TreeMap<String, Inode> present = new TreeMap<>();
    for (int i = 0; i < 300; i++) {
      present.put("old" + i, bench.file("old" + i));
    }
    Map<String, Inode> throughout = new HashMap<>(present);
    List<String> listed = new ArrayList<>();
    long cookie = 0;
    DirectoryPage page;
    do {
      page = page(cookie, 1 + random.nextInt(10));
      for (DirectoryEntry entry : page.entries()) {
        listed.add(entry.name().toString());
        cookie = entry.cookie();
      }
      for (int i = 0; i < 5; i++) {
        change(random, present, throughout, "new" + listed.size() + "-" + i);
      }
    } while (!page.endOfDirectory());

    assertThat(throughout).hasSizeGreaterThan(20);
    for (String name : throughout.keySet()) {
      assertThat(listed).as("seed %d", seed).containsOnlyOnce(name);
    }
    assertThat(listed).doesNotHaveDuplicates();
  }

  private void change(
      SplittableRandom random,
      Map<String, Inode> present,
      Map<String, Inode> throughout,
      String newName) {
    String victim = new ArrayList<>(present.keySet()).get(random.nextInt(present.size()));
    switch (random.nextInt(4)) {
      case 0 -> {
        volume.names().remove(Caller.ROOT, bench.root, name(victim));
        present.remove(victim);
        throughout.remove(victim);
      }
      case 1 -> present.put(newName, bench.file(newName));
      case 2 -> {
        volume.names().rename(Caller.ROOT, bench.root, name(victim), bench.root, name(newName));
        present.put(newName, present.remove(victim));
        throughout.remove(victim);
      }
      default -> {
        // the target's name stays, the victim's goes
        String target = new ArrayList<>(present.keySet()).get(random.nextInt(present.size()));
        if (!target.equals(victim)) {
          volume.names().rename(Caller.ROOT, bench.root, name(victim), bench.root, name(target));
          present.put(target, present.remove(victim));
          throughout.remove(victim);
        }
      }
    }
  }

  @Test
  void aMillionEntriesAreMadeFoundListedAndRemovedInTime() {
    int entries = 1_000_000;
    long start = System.nanoTime();
    Name[] names = new Name[entries];
    for (int i = 0; i < entries; i++) {
      names[i] = name("vm-" + i + ".vmdk");
      volume
          .names()
          .create(Caller.ROOT, bench.root, names[i], Workbench.GUARDED, AttributeChanges.NONE);
    }
    int listed = 0;
    int wrong = 0;
    long cookie = 0;
    DirectoryPage page;
    do {
      page = page(cookie, 1000);
      for (DirectoryEntry entry : page.entries()) {
        wrong += entry.name().equals(names[listed]) ? 0 : 1;
        listed++;
        cookie = entry.cookie();
      }
    } while (!page.endOfDirectory());
    assertThat(listed).isEqualTo(entries);
    assertThat(wrong).isZero();
    for (int i = 0; i < entries; i++) {
      Inode found = volume.names().lookup(Caller.ROOT, bench.root, names[i]);
      if (found.fileId() != bench.root.fileId() + 1 + i || i % 2 == 0) {
        volume.names().remove(Caller.ROOT, bench.root, names[i]);
      }
    }
    assertThat(volume.space().ofVolume().inodes()).isEqualTo(1 + entries / 2);
    assertThat(page(3, 2).entries()).extracting(DirectoryEntry::cookie).containsExactly(4L, 6L);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMinutes(1));
  }
}
