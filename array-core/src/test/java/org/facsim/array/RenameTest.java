/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.user;

import org.facsim.array.Volume.Renamed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RenameTest {
  private final Workbench bench = new Workbench();
  private final Volume volume = bench.volume;
  private final Inode a = bench.directory("a");
  private final Inode b = bench.directory("b");

  @AfterEach
  void close() {
    bench.close();
  }

  private Renamed rename(Inode from, String oldName, Inode to, String newName) {
    return volume.names().rename(Caller.ROOT, from, name(oldName), to, name(newName));
  }

  private ArrayError refused(Inode from, String oldName, Inode to, String newName) {
    return bench.refusal(() -> rename(from, oldName, to, newName));
  }

  @Test
  void withinADirectoryTheEntryKeepsItsPlaceInListings() {
    Inode file = bench.file(a, "one");
    bench.file(a, "two");
    long cookie = bench.list(a, 9).get(0).cookie();
    FileAttributes old = file.attributes();
    bench.tick();
    Renamed renamed = rename(a, "one", a, "uno");

    assertThat(bench.names(a)).containsExactly("uno", "two");
    assertThat(bench.list(a, 9).get(0).cookie()).isEqualTo(cookie);
    assertThat(bench.lookup(a, "uno")).isSameAs(file);
    assertThat(errorOf(() -> bench.lookup(a, "one"))).isEqualTo(ArrayError.NOT_FOUND);
    assertThat(renamed.from()).isSameAs(renamed.to());
    assertThat(file.attributes().changeTimeNanos()).isEqualTo(bench.clock.nanos());
    assertThat(file.attributes().changeCounter()).isGreaterThan(old.changeCounter());
    assertThat(file.attributes().modifyTimeNanos()).isEqualTo(old.modifyTimeNanos());
  }

  @Test
  void acrossDirectoriesBothAreTold() {
    Inode file = bench.file(a, "f");
    FileAttributes oldA = a.attributes();
    FileAttributes oldB = b.attributes();
    Renamed renamed = rename(a, "f", b, "g");

    assertThat(bench.names(a)).isEmpty();
    assertThat(bench.lookup(b, "g")).isSameAs(file);
    assertThat(renamed.from().before().changeCounter()).isEqualTo(oldA.changeCounter());
    assertThat(renamed.to().before().changeCounter()).isEqualTo(oldB.changeCounter());
    assertThat(renamed.from().after()).isEqualTo(a.attributes());
    assertThat(renamed.to().after()).isEqualTo(b.attributes());
  }

  @Test
  void aReplacedFileIsGoneAndItsBlocksAreFree() {
    Inode source = bench.file(a, "f");
    Inode target = bench.file(b, "g");
    bench.writeBlocks(source, 0, 1, 1);
    bench.writeBlocks(target, 0, 3, 2);
    long cookie = bench.list(b, 9).get(0).cookie();
    rename(a, "f", b, "g");
    bench.array.awaitReclaim();

    assertThat(bench.lookup(b, "g")).isSameAs(source);
    assertThat(bench.list(b, 9).get(0).cookie()).isEqualTo(cookie);
    assertThat(errorOf(() -> bench.array.resolve(target.handle()))).isEqualTo(ArrayError.STALE);
    assertThat(volume.space().ofVolume().physicalUsedBytes()).isEqualTo(Volume.BLOCK_BYTES);
    assertThat(volume.space().ofVolume().provisionedBytes()).isEqualTo(Volume.BLOCK_BYTES);
  }

  @Test
  void aReplacedFileWithAnotherNameLivesOn() {
    bench.file(a, "f");
    Inode target = bench.file(b, "g");
    volume.names().link(Caller.ROOT, target, b, name("h"));
    rename(a, "f", b, "g");

    assertThat(target.attributes().linkCount()).isEqualTo(1);
    assertThat(bench.lookup(b, "h")).isSameAs(target);
  }

  @Test
  void twoNamesOfOneFileAreLeftAlone() {
    Inode file = bench.file(a, "f");
    volume.names().link(Caller.ROOT, file, b, name("g"));
    SeenVolume before = SeenVolume.of(bench);
    Renamed renamed = rename(a, "f", b, "g");
    rename(a, "f", a, "f");

    SeenVolume.of(bench).assertSameAs(before);
    assertThat(renamed.from().after()).isEqualTo(a.attributes());
    assertThat(renamed.to().after()).isEqualTo(b.attributes());
  }

  @Test
  void movedDirectoriesGetTheirNewParent() {
    Inode moved = bench.directory(a, "sub");
    bench.file(moved, "inside");
    rename(a, "sub", b, "sub2");

    assertThat(bench.lookup(moved, "..")).isSameAs(b);
    assertThat(a.attributes().linkCount()).isEqualTo(2);
    assertThat(b.attributes().linkCount()).isEqualTo(3);
    assertThat(bench.names(moved)).containsExactly("inside");
  }

  @Test
  void anEmptyDirectoryIsReplacedByADirectory() {
    Inode moved = bench.directory(a, "sub");
    Inode replaced = bench.directory(b, "sub");
    rename(a, "sub", b, "sub");

    assertThat(bench.lookup(b, "sub")).isSameAs(moved);
    assertThat(a.attributes().linkCount()).isEqualTo(2);
    assertThat(b.attributes().linkCount()).isEqualTo(3);
    assertThat(errorOf(() -> bench.array.resolve(replaced.handle()))).isEqualTo(ArrayError.STALE);

    Inode sibling = bench.directory(b, "sibling");
    rename(b, "sibling", b, "sub");
    assertThat(bench.lookup(b, "sub")).isSameAs(sibling);
    assertThat(b.attributes().linkCount()).isEqualTo(3);
  }

  @Test
  void whatDoesNotFitIsRefused() {
    Inode sub = bench.directory(a, "sub");
    Inode deep = bench.directory(sub, "deep");
    bench.file(a, "f");

    assertThat(refused(a, "nope", b, "x")).isEqualTo(ArrayError.NOT_FOUND);
    assertThat(refused(a, "sub", a, "f")).isEqualTo(ArrayError.NOT_DIRECTORY);
    assertThat(refused(a, "f", a, "sub")).isEqualTo(ArrayError.IS_DIRECTORY);
    assertThat(refused(bench.root, "b", a, "sub")).isEqualTo(ArrayError.NOT_EMPTY);
    assertThat(refused(a, "sub", sub, "x")).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(refused(a, "sub", deep, "x")).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(refused(sub, "deep", bench.root, "a")).isEqualTo(ArrayError.NOT_EMPTY);
    assertThat(refused(a, ".", b, "x")).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(refused(a, "f", b, "..")).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(refused(bench.lookup(a, "f"), "x", b, "x")).isEqualTo(ArrayError.NOT_DIRECTORY);
    assertThat(refused(a, "f", bench.lookup(a, "f"), "x")).isEqualTo(ArrayError.NOT_DIRECTORY);
  }

  @Test
  void bothDirectoriesMustAllowIt() {
    bench.file(a, "f");
    volume.attributes().setAttributes(Caller.ROOT, a, AttributeChanges.ofMode(0777), null);
    assertThat(bench.refusal(() -> volume.names().rename(user(7), a, name("f"), b, name("f"))))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    assertThat(bench.refusal(() -> volume.names().rename(user(7), b, name("f"), a, name("f"))))
        .isEqualTo(ArrayError.NOT_FOUND);
    volume.attributes().setAttributes(Caller.ROOT, b, AttributeChanges.ofMode(0777), null);
    volume.names().rename(user(7), a, name("f"), b, name("f"));

    bench.directory(a, "notMine");
    assertThat(
            bench.refusal(() -> volume.names().rename(user(7), a, name("notMine"), b, name("d"))))
        .as("its entry '..' changes")
        .isEqualTo(ArrayError.ACCESS_DENIED);
    volume.names().rename(user(7), a, name("notMine"), a, name("d"));
  }

  @Test
  void anotherVolumeIsAnotherDevice() {
    Volume second = bench.array.createVolume("datastore2", Workbench.MIB);
    Inode file = bench.file(a, "f");

    assertThat(bench.refusal(() -> rename(a, "f", second.root(), "f")))
        .isEqualTo(ArrayError.CROSS_VOLUME);
    assertThat(
            bench.refusal(() -> second.names().link(Caller.ROOT, file, second.root(), name("f"))))
        .isEqualTo(ArrayError.CROSS_VOLUME);
  }
}
