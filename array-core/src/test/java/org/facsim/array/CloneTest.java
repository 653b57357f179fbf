/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.pattern;
import static org.facsim.array.Workbench.user;

import java.util.Arrays;
import org.facsim.array.Volume.Created;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class CloneTest {
  private static final long BLOCK = Volume.BLOCK_BYTES;

  private final Workbench bench = new Workbench(64 << 20, 64 << 20, new VolumeLimits(100, 100, 20));
  private final Volume volume = bench.volume;

  @AfterEach
  void close() {
    bench.close();
  }

  private Mutation cloneFile(Inode source, Inode destination) {
    return volume.clones().cloneFile(Caller.ROOT, source, destination);
  }

  @Nested
  class OfAFile {
    private final Inode source = bench.file("source");
    private final Inode clone = bench.file("clone");

    @Test
    void sharesEveryBlockAndCostsNone() {
      bench.writeBlocks(source, 0, 10, 1);
      bench.writeBlocks(source, 100, 1, 2);
      bench.write(source, 101 * BLOCK, new byte[] {1, 2, 3});
      bench.tick();
      Mutation mutation = cloneFile(source, clone);

      assertThat(mutation.before().sizeBytes()).isZero();
      assertThat(mutation.after())
          .isEqualTo(clone.attributes())
          .returns(101 * BLOCK + 3, FileAttributes::sizeBytes)
          .returns(12 * BLOCK, FileAttributes::usedBytes)
          .returns(bench.clock.nanos(), FileAttributes::modifyTimeNanos);
      assertThat(bench.read(clone)).isEqualTo(bench.read(source));
      assertThat(volume.space().of(clone))
          .isEqualTo(new FileSpace(101 * BLOCK + 3, 12 * BLOCK, 0, 0, 0));
      assertThat(volume.space().of(source))
          .isEqualTo(new FileSpace(101 * BLOCK + 3, 12 * BLOCK, 0, 12 * BLOCK, 0));
      assertThat(volume.space().ofVolume())
          .returns(12 * BLOCK, VolumeSpace::physicalUsedBytes)
          .returns(24 * BLOCK, VolumeSpace::referencedBytes)
          .returns(12 * BLOCK, VolumeSpace::savedBytes)
          .returns(2 * (101 * BLOCK + 3), VolumeSpace::provisionedBytes);
    }

    @Test
    void aSourceThatIsDeletedSavesNothingAnyMore() {
      bench.writeBlocks(source, 0, 4, 1);
      cloneFile(source, clone);
      volume.names().remove(Caller.ROOT, volume.root(), Name.of("source"));
      bench.array.awaitReclaim();

      assertThat(volume.space().ofVolume())
          .returns(4 * BLOCK, VolumeSpace::physicalUsedBytes)
          .returns(4 * BLOCK, VolumeSpace::retainedByClonesBytes)
          .returns(0L, VolumeSpace::savedBytes);
    }

    @Test
    void eachSideIsWrittenWithoutTheOther() {
      bench.writeBlocks(source, 0, 4, 1);
      cloneFile(source, clone);
      bench.writeBlocks(clone, 1, 1, 7);
      bench.writeBlocks(source, 3, 1, 9);

      byte[] expectedClone = pattern(4, 1);
      System.arraycopy(pattern(1, 7), 0, expectedClone, (int) BLOCK, (int) BLOCK);
      byte[] expectedSource = pattern(4, 1);
      System.arraycopy(pattern(1, 9), 0, expectedSource, (int) (3 * BLOCK), (int) BLOCK);
      assertThat(bench.read(clone)).isEqualTo(expectedClone);
      assertThat(bench.read(source)).isEqualTo(expectedSource);
      assertThat(volume.space().of(clone))
          .isEqualTo(new FileSpace(4 * BLOCK, 4 * BLOCK, 2 * BLOCK, BLOCK, 0));
      assertThat(volume.space().of(source))
          .as("still charged for the block that only the clone holds")
          .isEqualTo(new FileSpace(4 * BLOCK, 4 * BLOCK, 2 * BLOCK, 5 * BLOCK, 0));
      assertThat(volume.space().ofVolume().physicalUsedBytes()).isEqualTo(6 * BLOCK);
    }

    @Test
    void whatTheDestinationHeldIsReleased() {
      bench.writeBlocks(source, 0, 1, 1);
      bench.writeBlocks(clone, 0, 9, 2);
      Mutation mutation = cloneFile(source, clone);
      bench.array.awaitReclaim();

      assertThat(mutation.before().sizeBytes()).isEqualTo(9 * BLOCK);
      assertThat(bench.read(clone)).isEqualTo(pattern(1, 1));
      assertThat(volume.space().ofVolume().physicalUsedBytes()).isEqualTo(BLOCK);
      assertThat(volume.space().ofVolume().provisionedBytes()).isEqualTo(2 * BLOCK);
    }

    @Test
    void outlivesItsSource() {
      bench.writeBlocks(source, 0, 5, 1);
      cloneFile(source, clone);
      bench.writeBlocks(clone, 0, 1, 2);
      volume.names().remove(Caller.ROOT, bench.root, name("source"));
      bench.array.awaitReclaim();

      assertThat(Arrays.copyOfRange(bench.read(clone), (int) BLOCK, (int) (5 * BLOCK)))
          .isEqualTo(Arrays.copyOfRange(pattern(5, 1), (int) BLOCK, (int) (5 * BLOCK)));
      assertThat(volume.space().ofVolume())
          .returns(5 * BLOCK, VolumeSpace::physicalUsedBytes)
          .returns(4 * BLOCK, VolumeSpace::retainedByClonesBytes);
      assertThat(volume.space().of(clone))
          .isEqualTo(new FileSpace(5 * BLOCK, 5 * BLOCK, 5 * BLOCK, BLOCK, 0));
    }

    @Test
    void whatCannotBeClonedIsRefused() {
      Inode directory = bench.directory("d");
      Inode link =
          volume
              .names()
              .makeSymbolicLink(
                  Caller.ROOT, bench.root, name("l"), new byte[] {1}, AttributeChanges.NONE)
              .inode();
      Volume second = bench.array.createVolume("datastore2", Workbench.MIB);
      Inode far =
          second
              .names()
              .create(
                  Caller.ROOT, second.root(), name("f"), Workbench.GUARDED, AttributeChanges.NONE)
              .inode();
      volume.attributes().setAttributes(Caller.ROOT, source, AttributeChanges.ofMode(0640), null);
      volume.attributes().setAttributes(Caller.ROOT, clone, AttributeChanges.ofMode(0646), null);

      assertThat(refused(Caller.ROOT, source, source)).isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(refused(Caller.ROOT, directory, clone)).isEqualTo(ArrayError.IS_DIRECTORY);
      assertThat(refused(Caller.ROOT, source, directory)).isEqualTo(ArrayError.IS_DIRECTORY);
      assertThat(refused(Caller.ROOT, source, link)).isEqualTo(ArrayError.WRONG_TYPE);
      assertThat(refused(Caller.ROOT, source, far)).isEqualTo(ArrayError.CROSS_VOLUME);
      assertThat(refused(Caller.ROOT, far, clone)).isEqualTo(ArrayError.CROSS_VOLUME);
      assertThat(refused(user(7), source, clone)).isEqualTo(ArrayError.ACCESS_DENIED);
      volume.attributes().setAttributes(Caller.ROOT, source, AttributeChanges.ofMode(0644), null);
      volume.attributes().setAttributes(Caller.ROOT, clone, AttributeChanges.ofMode(0644), null);
      assertThat(refused(user(7), source, clone)).isEqualTo(ArrayError.ACCESS_DENIED);
      volume.names().remove(Caller.ROOT, bench.root, name("source"));
      assertThat(refused(Caller.ROOT, source, clone)).isEqualTo(ArrayError.STALE);
    }

    private ArrayError refused(Caller caller, Inode from, Inode to) {
      return bench.refusal(() -> volume.clones().cloneFile(caller, from, to));
    }
  }

  @Nested
  class OfAFileUnderANewName {
    private final Inode source = bench.file("source");

    private Created cloneAs(Caller caller, Inode from, Inode directory, String newName) {
      return volume
          .clones()
          .cloneAs(caller, from, directory, name(newName), AttributeChanges.ofMode(0640));
    }

    @Test
    void comesIntoBeingWhole() {
      bench.writeBlocks(source, 0, 3, 1);
      bench.write(source, 10 * BLOCK, new byte[] {7});
      bench.tick();
      Created created = cloneAs(Caller.ROOT, source, bench.root, "new");

      assertThat(created.attributes())
          .isEqualTo(created.inode().attributes())
          .returns(0640, FileAttributes::mode)
          .returns(1, FileAttributes::linkCount)
          .returns(10 * BLOCK + 1, FileAttributes::sizeBytes)
          .returns(4 * BLOCK, FileAttributes::usedBytes)
          .returns(bench.clock.nanos(), FileAttributes::modifyTimeNanos);
      assertThat(created.directory().after()).isEqualTo(bench.root.attributes());
      assertThat(volume.names().lookup(Caller.ROOT, bench.root, name("new")))
          .isSameAs(created.inode());
      assertThat(bench.array.resolve(created.inode().handle())).isSameAs(created.inode());
      assertThat(bench.read(created.inode())).isEqualTo(bench.read(source));
      assertThat(volume.space().of(created.inode()))
          .isEqualTo(new FileSpace(10 * BLOCK + 1, 4 * BLOCK, 0, 0, 0));
      assertThat(volume.space().ofVolume())
          .returns(4 * BLOCK, VolumeSpace::physicalUsedBytes)
          .returns(2 * (10 * BLOCK + 1), VolumeSpace::provisionedBytes);
    }

    @Test
    void isWrittenWithoutItsSourceAndGivesEverythingBack() {
      bench.writeBlocks(source, 0, 2, 1);
      Inode clone = cloneAs(Caller.ROOT, source, bench.root, "new").inode();
      bench.writeBlocks(clone, 0, 1, 5);
      bench.writeBlocks(source, 1, 1, 6);
      assertThat(Arrays.copyOf(bench.read(source), (int) BLOCK)).isEqualTo(pattern(1, 1));
      assertThat(Arrays.copyOf(bench.read(clone), (int) BLOCK)).isEqualTo(pattern(1, 5));

      volume.names().remove(Caller.ROOT, bench.root, name("new"));
      volume.names().remove(Caller.ROOT, bench.root, name("source"));
      bench.array.awaitReclaim();
      assertThat(volume.space().ofVolume())
          .returns(0L, VolumeSpace::physicalUsedBytes)
          .returns(0L, VolumeSpace::provisionedBytes)
          .returns(1L, VolumeSpace::inodes);
    }

    @Test
    void isOwnedByWhoeverAsked() {
      Inode open = bench.directory("open");
      volume.attributes().setAttributes(Caller.ROOT, open, AttributeChanges.ofMode(0777), null);
      assertThat(cloneAs(user(7), source, open, "mine").attributes())
          .returns(7L, FileAttributes::uid)
          .returns(7L, FileAttributes::gid);
    }

    @Test
    void whatMayNotBeIsRefusedAndChangesNothing() {
      Inode directory = bench.directory("d");
      Inode secret = bench.file("secret");
      volume.attributes().setAttributes(Caller.ROOT, secret, AttributeChanges.ofMode(0600), null);
      Inode far = bench.array.createVolume("other", 1 << 20).root();
      Inode gone = bench.file("gone");
      volume.names().remove(Caller.ROOT, bench.root, name("gone"));

      assertThat(refusal(Caller.ROOT, source, bench.root, "secret")).isEqualTo(ArrayError.EXISTS);
      assertThat(refusal(Caller.ROOT, source, bench.root, ".")).isEqualTo(ArrayError.EXISTS);
      assertThat(refusal(Caller.ROOT, directory, bench.root, "x"))
          .isEqualTo(ArrayError.IS_DIRECTORY);
      assertThat(refusal(Caller.ROOT, source, secret, "x")).isEqualTo(ArrayError.NOT_DIRECTORY);
      assertThat(refusal(Caller.ROOT, source, far, "x")).isEqualTo(ArrayError.CROSS_VOLUME);
      assertThat(refusal(Caller.ROOT, gone, bench.root, "x")).isEqualTo(ArrayError.STALE);
      assertThat(refusal(user(7), secret, bench.root, "x")).isEqualTo(ArrayError.ACCESS_DENIED);
      assertThat(refusal(user(7), source, bench.root, "x")).isEqualTo(ArrayError.ACCESS_DENIED);
      assertThat(
              bench.refusal(
                  () ->
                      volume
                          .clones()
                          .cloneAs(
                              Caller.ROOT,
                              source,
                              bench.root,
                              name("x"),
                              AttributeChanges.ofSize(1))))
          .isEqualTo(ArrayError.INVALID_ARGUMENT);
    }

    private ArrayError refusal(Caller caller, Inode from, Inode directory, String newName) {
      return bench.refusal(() -> cloneAs(caller, from, directory, newName));
    }
  }

  @Nested
  class OfATree {
    private final Inode vm = bench.directory("vm");

    private Created cloneTree(Caller caller, Inode parent, String newName) {
      return volume.clones().cloneTree(caller, vm, parent, name(newName));
    }

    @Test
    void copiesEveryFileByCloning() {
      Inode disk = bench.file(vm, "vm-flat.vmdk");
      bench.writeBlocks(disk, 0, 20, 1);
      Inode logs = bench.directory(vm, "logs");
      bench.write(bench.file(logs, "vmware.log"), 0, new byte[] {1});
      volume
          .names()
          .makeSymbolicLink(
              Caller.ROOT, vm, name("latest"), new byte[] {'l'}, AttributeChanges.NONE);
      volume
          .names()
          .makeSpecial(Caller.ROOT, vm, name("pipe"), FileType.FIFO, 0, 0, AttributeChanges.NONE);
      volume
          .attributes()
          .setAttributes(
              Caller.ROOT,
              disk,
              new AttributeChanges(
                  04600,
                  5L,
                  6L,
                  null,
                  new AttributeChanges.TimeChange.To(11),
                  new AttributeChanges.TimeChange.To(12)),
              null);
      long used = volume.space().ofVolume().physicalUsedBytes();
      bench.tick();
      Created created = cloneTree(Caller.ROOT, bench.root, "copy");

      Inode copy = bench.lookup(bench.root, "copy");
      assertThat(created.inode()).isSameAs(copy);
      assertThat(created.directory().after()).isEqualTo(bench.root.attributes());
      assertThat(bench.root.attributes().linkCount()).isEqualTo(4);
      assertThat(bench.names(copy)).containsExactlyElementsOf(bench.names(vm));
      assertThat(copy.attributes().linkCount()).isEqualTo(3);
      assertThat(copy.attributes().modifyTimeNanos()).isEqualTo(vm.attributes().modifyTimeNanos());
      assertThat(bench.lookup(copy, "..")).isSameAs(bench.root);
      assertThat(bench.lookup(bench.lookup(copy, "logs"), "..")).isSameAs(copy);
      assertThat(bench.read(bench.lookup(bench.lookup(copy, "logs"), "vmware.log")))
          .isEqualTo(new byte[] {1});
      assertThat(volume.names().readLink(Caller.ROOT, bench.lookup(copy, "latest")))
          .isEqualTo(new byte[] {'l'});

      Inode diskCopy = bench.lookup(copy, "vm-flat.vmdk");
      assertThat(bench.read(diskCopy)).isEqualTo(pattern(20, 1));
      assertThat(diskCopy.fileId()).isGreaterThan(disk.fileId());
      assertThat(bench.array.resolve(diskCopy.handle())).isSameAs(diskCopy);
      assertThat(diskCopy.attributes())
          .returns(04600, FileAttributes::mode)
          .returns(5L, FileAttributes::uid)
          .returns(6L, FileAttributes::gid)
          .returns(1, FileAttributes::linkCount)
          .returns(12L, FileAttributes::modifyTimeNanos)
          .returns(20 * BLOCK, FileAttributes::usedBytes)
          .returns(bench.clock.nanos(), FileAttributes::changeTimeNanos);
      assertThat(volume.space().ofVolume())
          .returns(used, VolumeSpace::physicalUsedBytes)
          .as("the source, the clone, and the snapshot that it came from")
          .returns(3 * used, VolumeSpace::referencedBytes)
          .returns(2 * (20 * BLOCK + 1), VolumeSpace::provisionedBytes)
          .returns(20L, VolumeSpace::inodes);
      assertThat(volume.space().of(diskCopy).chargedBytes()).isZero();
    }

    @Test
    void keepsSeveralNamesOfOneFileTogether() {
      Inode file = bench.file(vm, "one");
      Inode sub = bench.directory(vm, "sub");
      volume.names().link(Caller.ROOT, file, sub, name("two"));
      volume.names().link(Caller.ROOT, file, bench.root, name("outside"));
      Inode copy = cloneTree(Caller.ROOT, bench.root, "copy").inode();

      Inode one = bench.lookup(copy, "one");
      assertThat(bench.lookup(bench.lookup(copy, "sub"), "two")).isSameAs(one);
      assertThat(one.attributes().linkCount()).isEqualTo(2);
      assertThat(file.attributes().linkCount()).isEqualTo(3);
      assertThat(volume.space().ofVolume().inodes()).isEqualTo(11);
    }

    @Test
    void belongsToWhoeverIsNotRoot() {
      Inode open = bench.directory("open");
      volume.attributes().setAttributes(Caller.ROOT, open, AttributeChanges.ofMode(0777), null);
      bench.file(Caller.ROOT, vm, "f", AttributeChanges.ofMode(06755));
      Inode copy = cloneTree(user(7), open, "copy").inode();

      assertThat(copy.attributes().uid()).isEqualTo(7);
      assertThat(bench.lookup(copy, "f").attributes())
          .returns(7L, FileAttributes::uid)
          .returns(7L, FileAttributes::gid)
          .returns(0755, FileAttributes::mode);
    }

    @Test
    void isRefusedWholeOrNotAtAll() {
      Inode sub = bench.directory(vm, "sub");
      Inode secret = bench.file(Caller.ROOT, sub, "secret", AttributeChanges.ofMode(0600));
      bench.writeBlocks(secret, 0, 3, 1);
      Inode open = bench.directory("open");
      volume.attributes().setAttributes(Caller.ROOT, open, AttributeChanges.ofMode(0777), null);

      assertThat(refused(Caller.ROOT, bench.root, "vm")).isEqualTo(ArrayError.EXISTS);
      assertThat(refused(Caller.ROOT, bench.root, "..")).isEqualTo(ArrayError.EXISTS);
      assertThat(refused(Caller.ROOT, vm, "x")).isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(refused(Caller.ROOT, sub, "x")).isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(refused(Caller.ROOT, secret, "x")).isEqualTo(ArrayError.NOT_DIRECTORY);
      assertThat(refused(user(7), open, "x")).isEqualTo(ArrayError.ACCESS_DENIED);
      assertThat(refused(user(7), bench.root, "x")).isEqualTo(ArrayError.ACCESS_DENIED);
      assertThat(
              bench.refusal(() -> volume.clones().cloneTree(Caller.ROOT, secret, open, name("x"))))
          .isEqualTo(ArrayError.NOT_DIRECTORY);
      for (int i = 0; i < 18; i++) {
        bench.file(vm, "f" + i);
      }
      assertThat(refused(Caller.ROOT, bench.root, "x")).isEqualTo(ArrayError.INVALID_ARGUMENT);
      volume.names().remove(Caller.ROOT, vm, name("f0"));
      cloneTree(Caller.ROOT, bench.root, "copy1");
      cloneTree(Caller.ROOT, bench.root, "copy2");
      assertThat(refused(Caller.ROOT, bench.root, "copy3"))
          .as("100 inodes")
          .isEqualTo(ArrayError.NO_SPACE);
    }

    private ArrayError refused(Caller caller, Inode parent, String newName) {
      return bench.refusal(() -> cloneTree(caller, parent, newName));
    }

    @Test
    void ofARemovedDirectoryIsStale() {
      volume.names().removeDirectory(Caller.ROOT, bench.root, name("vm"));

      assertThat(errorOf(() -> cloneTree(Caller.ROOT, bench.root, "copy")))
          .isEqualTo(ArrayError.STALE);
    }
  }
}
