/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.name;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** By which names an inode is found. */
class PathTest {
  private final Workbench bench = new Workbench();
  private final Volume volume = bench.volume;
  private final Inode a = bench.directory("a");
  private final Inode file = bench.file(a, "f");

  @AfterEach
  void close() {
    bench.close();
  }

  private String path(Inode inode) {
    List<Name> names = volume.names().pathOf(inode);
    return names == null ? null : String.join("/", names.stream().map(Name::toString).toList());
  }

  private void rename(Inode from, String oldName, Inode to, String newName) {
    volume.names().rename(Caller.ROOT, from, name(oldName), to, name(newName));
  }

  @Test
  void theRootHasNoName() {
    assertThat(path(bench.root)).isEmpty();
    assertThat(path(a)).isEqualTo("a");
    assertThat(path(file)).isEqualTo("a/f");
  }

  @Test
  void aRenameIsSeenByEverythingBelow() {
    long before = volume.names().changes();
    Inode b = bench.directory("b");
    assertThat(volume.names().changes()).as("a new name").isEqualTo(before);
    rename(bench.root, "a", b, "c");
    assertThat(volume.names().changes()).isGreaterThan(before);
    assertThat(path(file)).isEqualTo("b/c/f");
    rename(a, "f", a, "g");
    assertThat(path(file)).isEqualTo("b/c/g");
    assertThat(file.attributes().mode()).isEqualTo(bench.file(a, "h").attributes().mode());
  }

  @Test
  void whoIsReplacedHasNoName() {
    Inode other = bench.file(a, "other");
    rename(a, "f", a, "other");
    assertThat(path(file)).isEqualTo("a/other");
    assertThat(path(other)).isNull();
    volume.names().remove(Caller.ROOT, a, name("other"));
    assertThat(path(file)).isNull();
  }

  @Test
  void ofSeveralNamesTheLatestCounts() {
    volume.names().link(Caller.ROOT, file, bench.root, name("second"));
    assertThat(path(file)).isEqualTo("second");
    volume.names().remove(Caller.ROOT, a, name("f"));
    assertThat(path(file)).isEqualTo("second");
    volume.names().link(Caller.ROOT, file, a, name("third"));
    volume.names().remove(Caller.ROOT, a, name("third"));
    assertThat(path(file)).as("older names are not known").isNull();
  }

  @Test
  void attributesAndNamesDoNotDisturbEachOther() {
    FileAttributes before = file.attributes();
    for (int i = 0; i < 100; i++) {
      bench.file(a, "more" + i);
    }
    volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(01751), null);
    assertThat(path(file)).isEqualTo("a/f");
    assertThat(file.attributes().mode()).isEqualTo(01751);
    assertThat(file.attributes().type()).isEqualTo(before.type());
  }

  @Test
  void whatIsInASnapshotIsBelowItsDirectory() {
    volume.snapshots().create(Caller.ROOT, a, "s");
    Inode kept =
        bench.lookup(bench.lookup(bench.lookup(bench.root, Volume.SNAPSHOT_DIRECTORY), "s"), "f");
    assertThat(path(kept)).isEqualTo(".snapshot/s/f");
    assertThat(path(file)).isEqualTo("a/f");
  }

  @Test
  void aRestoreBringsNamesBack() {
    bench.array.saveState("before");
    rename(a, "f", bench.root, "moved");
    rename(bench.root, "a", bench.root, "b");
    long changes = volume.names().changes();
    bench.array.restoreState("before");
    assertThat(path(file)).isEqualTo("a/f");
    assertThat(volume.names().changes()).isGreaterThan(changes);
  }
}
