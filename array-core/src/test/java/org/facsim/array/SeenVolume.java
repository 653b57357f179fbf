/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.AttributeDraft;

/** Everything that a client can see of a volume, to be compared with another moment's. */
final class SeenVolume {
  /** One name: where it leads, with which cookie, and all that is there. */
  private record Entry(
      long cookie,
      FileAttributes attributes,
      FileHandle handle,
      FileSpace space,
      String content,
      Attachments attachments) {}

  private final Map<String, Entry> entries = new TreeMap<>();
  private final List<String> snapshots = new ArrayList<>();
  private final List<NamedState> states;
  private final VolumeSpace space;
  private final long physicalUsedBytes;

  private SeenVolume(Workbench bench) {
    bench.array.awaitReclaim();
    add(bench, "/", bench.root, 0);
    Deque<Map.Entry<String, Inode>> directories = new ArrayDeque<>();
    directories.add(Map.entry("/", bench.root));
    if (!bench.volume.snapshots().all().isEmpty()) {
      Inode directory = bench.lookup(bench.root, Volume.SNAPSHOT_DIRECTORY);
      add(bench, "/.snapshot", directory, 0);
      directories.add(Map.entry("/.snapshot/", directory));
    }
    bench.volume.snapshots().all().forEach(snapshot -> snapshots.add(snapshot.toString()));
    while (!directories.isEmpty()) {
      Map.Entry<String, Inode> directory = directories.remove();
      for (DirectoryEntry entry : bench.list(directory.getValue(), 100)) {
        String path = directory.getKey() + entry.name();
        add(bench, path, entry.inode(), entry.cookie());
        if (Workbench.inner(entry.inode()).isDirectory()) {
          directories.add(Map.entry(path + "/", entry.inode()));
        }
      }
    }
    states = bench.array.states();
    space = bench.volume.space().ofVolume();
    physicalUsedBytes = bench.array.physicalUsedBytes();
  }

  static SeenVolume of(Workbench bench) {
    return new SeenVolume(bench);
  }

  private void add(Workbench bench, String path, Inode inode, long cookie) {
    // contents first: reading them may move the access time, once
    String content =
        switch (inode.attributes().type()) {
          case REGULAR -> digest(bench.read(inode));
          case SYMBOLIC_LINK ->
              new String(bench.volume.names().readLink(Caller.ROOT, inode), UTF_8);
          case DIRECTORY -> bench.names(inode).toString();
          default -> "";
        };
    FileSpace fileSpace = bench.volume.space().of(inode);
    String origin = bench.volume.snapshots().originOf(inode).map(Snapshot::name).orElse("");
    entries.put(
        path,
        new Entry(
            cookie,
            inode.attributes(),
            inode.handle(),
            fileSpace,
            content + origin,
            Workbench.inner(inode).attachments()));
  }

  private static String digest(byte[] data) {
    return Hashing.sha256().hashBytes(data).toString();
  }

  /** Whether two images differ in access times only, which reads move without a group. */
  boolean isSameContentAs(SeenVolume other) {
    return space.equals(other.space)
        && physicalUsedBytes == other.physicalUsedBytes
        && snapshots.equals(other.snapshots)
        && states.equals(other.states)
        && entries.keySet().equals(other.entries.keySet())
        && entries.entrySet().stream()
            .allMatch(
                each -> withoutAccess(each.getValue()).equals(other.withoutAccess(each.getKey())));
  }

  /**
   * Whether this is what an earlier image was: all but access times, change times and change
   * counters, and the states.
   */
  boolean isSameAsSaved(SeenVolume saved) {
    return space.equals(saved.space)
        && physicalUsedBytes == saved.physicalUsedBytes
        && snapshots.toString().equals(saved.snapshots.toString())
        && entries.keySet().equals(saved.entries.keySet())
        && entries.entrySet().stream()
            .allMatch(
                each -> asSaved(each.getValue()).equals(asSaved(saved.entries.get(each.getKey()))));
  }

  private static Entry asSaved(Entry entry) {
    AttributeDraft draft = AttributeDraft.of(entry.attributes()).accessedAt(0);
    draft.changeTimeNanos = 0;
    draft.changeCounter = 0;
    return new Entry(
        entry.cookie(),
        draft.freeze(),
        entry.handle(),
        entry.space(),
        entry.content(),
        entry.attachments());
  }

  /** What differs, in words. */
  String differencesFrom(SeenVolume other) {
    List<String> differences = new ArrayList<>();
    note(differences, "space", space, other.space);
    note(differences, "physical", physicalUsedBytes, other.physicalUsedBytes);
    note(differences, "snapshots", snapshots, other.snapshots);
    note(differences, "states", states, other.states);
    note(differences, "names", entries.keySet(), other.entries.keySet());
    entries.forEach(
        (path, entry) -> {
          if (other.entries.containsKey(path)) {
            note(differences, path, withoutAccess(entry), other.withoutAccess(path));
          }
        });
    return String.join("\n", differences);
  }

  private static void note(List<String> differences, String what, Object mine, Object other) {
    if (!mine.equals(other)) {
      differences.add(what + ": " + mine + "\n  and " + other);
    }
  }

  private Entry withoutAccess(String path) {
    return withoutAccess(entries.get(path));
  }

  private static Entry withoutAccess(Entry entry) {
    FileAttributes same = AttributeDraft.of(entry.attributes()).accessedAt(0).freeze();
    return new Entry(
        entry.cookie(), same, entry.handle(), entry.space(), entry.content(), entry.attachments());
  }

  @Override
  public String toString() {
    return space + " " + states + " " + snapshots + " " + entries;
  }

  void assertSameAs(SeenVolume before) {
    assertThat(entries).isEqualTo(before.entries);
    assertThat(snapshots).isEqualTo(before.snapshots);
    assertThat(space).isEqualTo(before.space);
    assertThat(physicalUsedBytes).isEqualTo(before.physicalUsedBytes);
  }
}
