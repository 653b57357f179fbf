/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.pattern;
import static org.facsim.array.Workbench.user;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Volume.AttributeMode;
import org.facsim.array.Volume.ZeroFill;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Snapshots: what they hold, cost and refuse, and when they go. */
class SnapshotTest {
  private static final long BLOCK = Volume.BLOCK_BYTES;

  private final Workbench bench = new Workbench();
  private final Volume volume = bench.volume;
  private final Inode vm = bench.directory("vm");
  private final Inode disk = bench.file(vm, "disk");

  @AfterEach
  void close() {
    bench.close();
  }

  private Snapshot snapshot(Inode source, String name) {
    return volume.snapshots().create(Caller.ROOT, source, name);
  }

  private TreeSpace space(Inode top, long exclusive, long live, long old) {
    TreeSpace now = volume.space().ofTree(top);
    return new TreeSpace(
        now.files(),
        now.logicalBytes(),
        now.referencedBytes(),
        exclusive * BLOCK,
        live * BLOCK,
        old * BLOCK,
        0);
  }

  @Test
  void whatTheSourceRewritesShowsInItsSnapshotPart() {
    bench.writeBlocks(disk, 0, 10, 1);
    Snapshot snapshot = snapshot(vm, "before");
    assertThat(volume.space().ofTree(vm)).isEqualTo(space(vm, 0, 10, 0));
    bench.writeBlocks(disk, 0, 4, 2);

    assertThat(volume.space().ofTree(vm)).isEqualTo(space(vm, 4, 10, 4));
    assertThat(volume.space().ofTree(vm).usedBytes())
        .isEqualTo(volume.space().of(disk).chargedBytes());
    assertThat(volume.space().ofTree(snapshot.root())).isEqualTo(space(snapshot.root(), 4, 0, 0));
    assertThat(bench.read(bench.lookup(snapshot.root(), "disk"))).isEqualTo(pattern(10, 1));
    assertThat(volume.space().ofVolume())
        .returns(14 * BLOCK, VolumeSpace::physicalUsedBytes)
        .returns(10 * BLOCK, VolumeSpace::provisionedBytes);
    volume.snapshots().delete(Caller.ROOT, snapshot);
    bench.array.awaitReclaim();
    assertThat(volume.space().ofTree(vm)).isEqualTo(space(vm, 10, 10, 0));
    assertThat(volume.space().ofVolume())
        .returns(10 * BLOCK, VolumeSpace::physicalUsedBytes)
        .returns(3L, VolumeSpace::inodes);
  }

  @Test
  void isFoundByClientsAndNotListed() {
    Snapshot snapshot = snapshot(disk, "s1");
    Inode all = bench.lookup(bench.root, ".snapshot");
    assertThat(bench.names(bench.root)).containsExactly("vm");
    assertThat(bench.names(all)).containsExactly("s1");
    assertThat(bench.lookup(all, "s1")).isSameAs(snapshot.root());
    assertThat(bench.lookup(all, "..")).isSameAs(bench.root);
    assertThat(bench.array.resolve(snapshot.root().handle())).isSameAs(snapshot.root());
    assertThat(bench.refusal(() -> bench.file(".snapshot"))).isEqualTo(ArrayError.NOT_PERMITTED);
    volume.snapshots().delete(Caller.ROOT, snapshot);
    assertThat(errorOf(() -> bench.array.resolve(snapshot.root().handle())))
        .isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> bench.lookup(bench.root, ".snapshot")))
        .isEqualTo(ArrayError.NOT_FOUND);
  }

  @Test
  void refusesEveryChange() {
    bench.writeBlocks(disk, 0, 2, 1);
    Inode top = snapshot(vm, "s").root();
    Inode file = bench.lookup(top, "disk");
    Inode all = bench.lookup(bench.root, ".snapshot");
    bench.tick();
    List<Runnable> changes = new ArrayList<>();
    changes.add(() -> bench.writeBlocks(file, 0, 1, 2));
    changes.add(() -> bench.write(file, 0, new byte[0]));
    changes.add(
        () ->
            volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(0), null));
    changes.add(
        () ->
            volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(0), null));
    changes.add(() -> bench.file(top, "new"));
    changes.add(() -> bench.directory(all, "new"));
    changes.add(() -> volume.names().remove(Caller.ROOT, top, name("disk")));
    changes.add(() -> volume.names().removeDirectory(Caller.ROOT, all, name("s")));
    changes.add(() -> volume.names().rename(Caller.ROOT, top, name("disk"), bench.root, name("d")));
    changes.add(() -> volume.names().rename(Caller.ROOT, vm, name("disk"), top, name("d")));
    changes.add(() -> volume.names().link(Caller.ROOT, file, bench.root, name("d")));
    changes.add(() -> volume.clones().cloneFile(Caller.ROOT, disk, file));
    changes.add(() -> volume.clones().cloneRange(Caller.ROOT, disk, 0, file, 0, BLOCK));
    changes.add(() -> volume.files().punchHole(Caller.ROOT, file, 0, BLOCK));
    changes.add(() -> volume.files().allocate(Caller.ROOT, file, 0, BLOCK, ZeroFill.LAZY));
    changes.add(() -> volume.attributes().setAcl(Caller.ROOT, file, new Acl(List.of())));
    changes.add(
        () ->
            volume
                .attributes()
                .setExtendedAttribute(Caller.ROOT, file, "x", new byte[1], AttributeMode.EITHER));
    changes.add(() -> volume.clones().cloneTree(Caller.ROOT, vm, top, name("c")));
    changes.add(() -> volume.snapshots().create(Caller.ROOT, top, "of a snapshot"));
    FileAttributes before = file.attributes();
    for (int i = 0; i < changes.size(); i++) {
      assertThat(bench.refusal(changes.get(i))).as("change %d", i).isEqualTo(ArrayError.READ_ONLY);
    }
    assertThat(bench.read(file)).isEqualTo(pattern(2, 1));
    assertThat(file.attributes()).as("access time too").isEqualTo(before);
    int everything = Volume.ACCESS_READ | Volume.ACCESS_MODIFY | Volume.ACCESS_EXTEND;
    assertThat(volume.attributes().access(Caller.ROOT, file, everything))
        .isEqualTo(Volume.ACCESS_READ);
  }

  @Test
  void cloningSnapshotsStayUntilTheLastCloneIsGone() {
    bench.writeBlocks(disk, 0, 5, 1);
    long used = volume.space().ofVolume().physicalUsedBytes();
    Inode one = volume.clones().cloneTree(Caller.ROOT, vm, bench.root, name("one")).inode();
    Inode two = volume.clones().cloneTree(Caller.ROOT, vm, bench.root, name("two")).inode();
    assertThat(volume.snapshots().all()).hasSize(1);
    Snapshot shared = volume.snapshots().all().get(0);
    assertThat(shared).returns(true, Snapshot::automatic).returns(2, Snapshot::cloneCount);
    assertThat(volume.snapshots().originOf(one)).contains(shared);
    assertThat(bench.refusal(() -> volume.snapshots().delete(Caller.ROOT, shared)))
        .isEqualTo(ArrayError.BUSY);
    bench.writeBlocks(disk, 0, 1, 2);
    Inode three = volume.clones().cloneTree(Caller.ROOT, vm, bench.root, name("three")).inode();
    assertThat(volume.snapshots().all()).hasSize(2);
    assertThat(volume.snapshots().originOf(three).orElseThrow().parentId()).isEqualTo(shared.id());
    assertThat(volume.space().ofVolume().physicalUsedBytes()).isEqualTo(used + BLOCK);

    remove("one", one);
    assertThat(volume.snapshots().all()).hasSize(2);
    remove("two", two);
    assertThat(volume.snapshots().all())
        .containsExactly(volume.snapshots().originOf(three).orElseThrow());
    assertThat(volume.snapshots().all().get(0).parentId()).isZero();
    remove("three", three);
    assertThat(volume.snapshots().all()).isEmpty();
    bench.array.awaitReclaim();
    assertThat(volume.space().ofVolume())
        .returns(used, VolumeSpace::physicalUsedBytes)
        .returns(3L, VolumeSpace::inodes);
  }

  private void remove(String directory, Inode clone) {
    volume.names().remove(Caller.ROOT, clone, name("disk"));
    volume.names().removeDirectory(Caller.ROOT, bench.root, name(directory));
  }

  @Test
  void restoresToNewClonesAndKnowsItsLineage() {
    bench.writeBlocks(disk, 0, 3, 1);
    Snapshot first = snapshot(disk, "first");
    Snapshot second = snapshot(disk, "second");
    assertThat(second.parentId()).isEqualTo(first.id());
    volume.names().remove(Caller.ROOT, vm, name("disk"));
    Inode again = volume.snapshots().restore(Caller.ROOT, second, vm, name("disk")).inode();
    assertThat(bench.read(again)).isEqualTo(pattern(3, 1));
    bench.writeBlocks(again, 0, 1, 9);
    assertThat(bench.read(second.root())).isEqualTo(pattern(3, 1));
    assertThat(volume.snapshots().originOf(again).orElseThrow().cloneCount()).isEqualTo(1);
    assertThat(bench.refusal(() -> volume.snapshots().delete(Caller.ROOT, second)))
        .isEqualTo(ArrayError.BUSY);
    volume.snapshots().delete(Caller.ROOT, first);
    assertThat(volume.snapshots().originOf(again).orElseThrow().parentId()).isZero();
    assertThat(snapshot(again, "third").parentId()).isEqualTo(second.id());
    assertThat(bench.refusal(() -> volume.snapshots().delete(Caller.ROOT, first)))
        .isEqualTo(ArrayError.STALE);
  }

  @Test
  void whatMayNotBeIsRefusedWhole() {
    snapshot(vm, "s");
    assertThat(bench.refusal(() -> snapshot(disk, "s"))).isEqualTo(ArrayError.EXISTS);
    assertThat(bench.refusal(() -> snapshot(disk, ""))).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(bench.refusal(() -> snapshot(disk, "a/b"))).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(bench.refusal(() -> snapshot(disk, ".."))).isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(bench.refusal(() -> volume.snapshots().create(user(7), disk, "x")))
        .isEqualTo(ArrayError.NOT_PERMITTED);
    volume.names().remove(Caller.ROOT, vm, name("disk"));
    assertThat(bench.refusal(() -> snapshot(disk, "x"))).isEqualTo(ArrayError.STALE);
  }
}
