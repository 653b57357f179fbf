/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.array.Workbench.MIB;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;

import org.facsim.array.Volume.Linked;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hard links, and files that outlive their names. */
class LinkTest {
  private final Workbench bench = new Workbench(64 * MIB, 64 * MIB, new VolumeLimits(10, 4, 10));
  private final Volume volume = bench.volume;

  @AfterEach
  void close() {
    bench.close();
  }

  private Linked link(Inode file, String name) {
    return volume.names().link(Caller.ROOT, file, bench.root, name(name));
  }

  private void remove(String name) {
    volume.names().remove(Caller.ROOT, bench.root, name(name));
  }

  @Test
  void aFileLivesUntilItsLastNameIsGone() {
    Inode file = bench.file("one");
    bench.writeBlocks(file, 0, 2, 1);
    FileAttributes old = file.attributes();
    Linked linked = link(file, "two");

    assertThat(linked.file()).isEqualTo(file.attributes()).returns(2, FileAttributes::linkCount);
    assertThat(linked.file().changeCounter()).isGreaterThan(old.changeCounter());
    assertThat(linked.directory().after()).isEqualTo(bench.root.attributes());
    assertThat(volume.space().ofVolume().inodes()).isEqualTo(2);

    remove("one");
    assertThat(file.attributes().linkCount()).isEqualTo(1);
    assertThat(bench.read(bench.lookup(bench.root, "two"))).isEqualTo(Workbench.pattern(2, 1));
    remove("two");
    bench.array.awaitReclaim();
    assertThat(errorOf(() -> bench.array.resolve(file.handle()))).isEqualTo(ArrayError.STALE);
    assertThat(volume.space().ofVolume().physicalUsedBytes()).isZero();
    assertThat(volume.space().ofVolume().inodes()).isEqualTo(1);
  }

  @Test
  void directoriesTakenNamesAndTooManyLinksAreRefused() {
    Inode file = bench.file("f");
    Inode directory = bench.directory("d");

    assertThat(bench.refusal(() -> link(directory, "x"))).isEqualTo(ArrayError.IS_DIRECTORY);
    assertThat(bench.refusal(() -> link(file, "f"))).isEqualTo(ArrayError.EXISTS);
    assertThat(bench.refusal(() -> volume.names().link(Caller.ROOT, file, file, name("x"))))
        .isEqualTo(ArrayError.NOT_DIRECTORY);
    link(file, "2");
    link(file, "3");
    link(file, "4");
    assertThat(bench.refusal(() -> link(file, "5"))).isEqualTo(ArrayError.TOO_MANY_LINKS);
    bench.directory("e");
    assertThat(bench.refusal(() -> bench.directory("g"))).isEqualTo(ArrayError.TOO_MANY_LINKS);
    bench.directory(directory, "sub");
    assertThat(
            bench.refusal(
                () ->
                    volume
                        .names()
                        .rename(Caller.ROOT, directory, name("sub"), bench.root, name("sub"))))
        .isEqualTo(ArrayError.TOO_MANY_LINKS);
  }

  @Test
  void theNumberOfInodesIsBounded() {
    for (int i = 1; i < 10; i++) {
      bench.file("f" + i);
    }

    assertThat(bench.refusal(() -> bench.file("one-more"))).isEqualTo(ArrayError.NO_SPACE);
    assertThat(bench.refusal(() -> bench.directory("one-more"))).isEqualTo(ArrayError.NO_SPACE);
    remove("f1");
    bench.file("one-more");
  }

  @Test
  void aHeldFileWorksWithoutAName() {
    Inode file = bench.file("f");
    bench.writeBlocks(file, 0, 2, 1);
    volume.files().hold(file);
    volume.files().hold(file);
    remove("f");

    assertThat(file.attributes().linkCount()).isZero();
    assertThat(bench.array.resolve(file.handle())).isSameAs(file);
    bench.writeBlocks(file, 2, 1, 2);
    assertThat(bench.read(file, 0, 8192)).isEqualTo(Workbench.pattern(2, 1));
    assertThat(errorOf(() -> link(file, "back"))).isEqualTo(ArrayError.STALE);
    assertThat(volume.space().ofVolume().provisionedBytes()).isEqualTo(3 * Volume.BLOCK_BYTES);

    volume.files().release(file);
    assertThat(bench.array.resolve(file.handle())).isSameAs(file);
    volume.files().release(file);
    bench.array.awaitReclaim();
    assertThat(errorOf(() -> bench.array.resolve(file.handle()))).isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> bench.read(file))).isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> bench.write(file, 0, new byte[1]))).isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> bench.write(file, 0, new byte[0]))).isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> volume.files().hold(file))).isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> volume.space().of(file))).isEqualTo(ArrayError.STALE);
    assertThatThrownBy(() -> volume.files().release(file))
        .isInstanceOf(IllegalStateException.class);
    assertThat(volume.space().ofVolume().physicalUsedBytes()).isZero();
    assertThat(volume.space().ofVolume().provisionedBytes()).isZero();
  }

  @Test
  void inAHeldDirectoryWithoutANameNothingIsMade() {
    Inode directory = bench.directory("d");
    volume.files().hold(directory);
    volume.names().removeDirectory(Caller.ROOT, bench.root, name("d"));

    assertThat(bench.names(directory)).isEmpty();
    assertThat(errorOf(() -> bench.file(directory, "f"))).isEqualTo(ArrayError.STALE);
    volume.files().release(directory);
    assertThat(errorOf(() -> bench.names(directory))).isEqualTo(ArrayError.STALE);
  }

  @Test
  void aHoldOnANamedFileCostsNothingWhenItEnds() {
    Inode file = bench.file("f");
    volume.files().hold(file);
    volume.files().release(file);

    assertThat(bench.lookup(bench.root, "f")).isSameAs(file);
  }
}
