/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.pattern;
import static org.facsim.array.Workbench.user;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Contents that are built in a file without a name and put in place by an exchange. */
class ContentsAsideTest {
  private static final long BLOCK = Volume.BLOCK_BYTES;

  @Nested
  class InMemory {
    private final Workbench bench = new Workbench();
    private final Volume volume = bench.volume;

    @AfterEach
    void close() {
      bench.close();
    }

    @Test
    void anUnnamedFileIsHeldAndGoneWithItsRelease() {
      Inode aside = volume.clones().createUnnamed(Caller.ROOT);
      bench.writeBlocks(aside, 0, 4, 1);
      assertThat(aside.attributes().linkCount()).isZero();
      assertThat(bench.array.resolve(aside.handle())).isSameAs(aside);
      assertThat(volume.space().ofVolume().physicalUsedBytes()).isEqualTo(4 * BLOCK);
      assertThat(bench.audit()).isEmpty();
      volume.files().release(aside);
      assertThat(errorOf(() -> bench.array.resolve(aside.handle()))).isEqualTo(ArrayError.STALE);
      bench.array.awaitReclaim();
      assertThat(volume.space().ofVolume().physicalUsedBytes()).isZero();
      assertThat(volume.space().ofVolume().provisionedBytes()).isZero();
    }

    @Test
    void anExchangeMovesContentsSizeAndCharges() {
      Inode aside = volume.clones().createUnnamed(Caller.ROOT);
      bench.writeBlocks(aside, 0, 4, 1);
      Inode target = bench.file("target");
      bench.writeBlocks(target, 0, 6, 2);
      long change = target.attributes().changeCounter();
      bench.tick();

      Mutation mutation = volume.clones().exchangeContents(Caller.ROOT, aside, target);

      assertThat(mutation.before().sizeBytes()).isEqualTo(6 * BLOCK);
      assertThat(mutation.after()).isEqualTo(target.attributes());
      assertThat(target.attributes().changeCounter()).isGreaterThan(change);
      assertThat(target.attributes().modifyTimeNanos()).isEqualTo(bench.clock.nanos());
      assertThat(bench.read(target)).isEqualTo(pattern(4, 1));
      assertThat(bench.read(aside)).isEqualTo(pattern(6, 2));
      assertThat(volume.space().of(target))
          .isEqualTo(new FileSpace(4 * BLOCK, 4 * BLOCK, 4 * BLOCK, 4 * BLOCK, 0));
      assertThat(bench.audit()).isEmpty();
      volume.files().release(aside);
      bench.array.awaitReclaim();
      assertThat(volume.space().ofVolume())
          .returns(4 * BLOCK, VolumeSpace::physicalUsedBytes)
          .returns(0L, VolumeSpace::retainedByClonesBytes)
          .returns(4 * BLOCK, VolumeSpace::provisionedBytes);
      bench.writeBlocks(target, 0, 1, 3);
      assertThat(volume.space().of(target).chargedBytes()).isEqualTo(4 * BLOCK);
    }

    @Test
    void promisesStayWithTheDestinationWhereItsNewContentsNeedThem() {
      Inode target = bench.file("target");
      volume.files().allocate(Caller.ROOT, target, 0, 10 * BLOCK, ZeroFill.LAZY);
      Inode aside = volume.clones().createUnnamed(Caller.ROOT);
      bench.writeBlocks(aside, 0, 4, 1);
      volume
          .attributes()
          .setAttributes(Caller.ROOT, aside, AttributeChanges.ofSize(8 * BLOCK), null);
      volume.clones().exchangeContents(Caller.ROOT, aside, target);
      assertThat(volume.space().of(target).reservedBytes()).isEqualTo(4 * BLOCK);
      assertThat(volume.space().of(aside).reservedBytes()).isZero();
      assertThat(volume.space().ofVolume().reservedBytes()).isEqualTo(4 * BLOCK);
      assertThat(bench.audit()).isEmpty();
    }

    @Test
    void anExchangeIsRefusedWholeOrMadeWhole() {
      Inode target = bench.file("target");
      bench.writeBlocks(target, 0, 2, 2);
      Inode aside = volume.clones().createUnnamed(Caller.ROOT);
      FileAttributes before = target.attributes();
      assertThat(errorOf(() -> volume.clones().exchangeContents(Caller.ROOT, target, target)))
          .isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(errorOf(() -> volume.clones().exchangeContents(user(7), aside, target)))
          .isEqualTo(ArrayError.ACCESS_DENIED);
      assertThat(errorOf(() -> volume.clones().exchangeContents(Caller.ROOT, aside, bench.root)))
          .isEqualTo(ArrayError.IS_DIRECTORY);
      volume.names().remove(Caller.ROOT, bench.root, name("target"));
      assertThat(errorOf(() -> volume.clones().exchangeContents(Caller.ROOT, aside, target)))
          .isEqualTo(ArrayError.STALE);
      assertThat(target.attributes().changeCounter()).isGreaterThan(before.changeCounter());
      assertThat(bench.audit()).isEmpty();
    }

    @Test
    void aReaderSeesOneContentsOrTheOther() throws Exception {
      Inode target = bench.file("target");
      bench.writeBlocks(target, 0, 3, 1);
      Inode aside = volume.clones().createUnnamed(Caller.ROOT);
      bench.writeBlocks(aside, 0, 5, 2);
      AtomicBoolean done = new AtomicBoolean();
      AtomicReference<String> wrong = new AtomicReference<>();
      Thread reader =
          new Thread(
              () -> {
                ByteBuffer bytes = ByteBuffer.allocateDirect((int) (8 * BLOCK));
                while (!done.get() && wrong.get() == null) {
                  bytes.clear();
                  int count = volume.files().read(Caller.ROOT, target, 0, bytes).countBytes();
                  byte[] seen = new byte[count];
                  bytes.flip().get(seen);
                  if (!Arrays.equals(seen, pattern(3, 1)) && !Arrays.equals(seen, pattern(5, 2))) {
                    wrong.set("mixture of " + count + " bytes");
                  }
                }
              });
      reader.start();
      for (int i = 0; i < 20_000; i++) {
        volume.clones().exchangeContents(Caller.ROOT, aside, target);
      }
      done.set(true);
      reader.join(30_000);
      assertThat(wrong.get()).isNull();
      assertThat(bench.audit()).isEmpty();
    }

    @Test
    void aClonesSnapshotOutlivesTheSourceAndGoesWithTheLastClone() {
      Inode source = bench.file("source");
      bench.writeBlocks(source, 0, 4, 1);
      Inode one = bench.file("one");
      volume.clones().cloneFileWithSnapshot(Caller.ROOT, source, one);
      Inode two =
          volume
              .clones()
              .cloneAsWithSnapshot(
                  Caller.ROOT, source, bench.root, name("two"), AttributeChanges.NONE)
              .inode();
      assertThat(volume.snapshots().all()).hasSize(1); // nothing changed between the two
      assertThat(volume.snapshots().all().get(0).cloneCount()).isEqualTo(2);
      assertThat(volume.snapshots().originOf(one))
          .isEqualTo(volume.snapshots().originOf(two))
          .isPresent();
      volume.names().remove(Caller.ROOT, bench.root, name("source"));
      volume.clones().cloneFileWithSnapshot(Caller.ROOT, two, one); // one changes its origin
      assertThat(volume.snapshots().all()).hasSize(2);
      assertThat(bench.read(one)).isEqualTo(pattern(4, 1));
      volume.names().remove(Caller.ROOT, bench.root, name("one"));
      assertThat(volume.snapshots().all()).hasSize(1);
      volume.names().remove(Caller.ROOT, bench.root, name("two"));
      assertThat(volume.snapshots().all()).isEmpty();
      bench.array.awaitReclaim();
      assertThat(volume.space().ofVolume().physicalUsedBytes()).isZero();
    }

    @Test
    void theDepthOfClonesIsCountedAlongTheirSnapshots() {
      Inode source = bench.file("source");
      bench.writeBlocks(source, 0, 1, 1);
      Inode[] chain = {source, bench.file("a"), bench.file("b"), bench.file("c")};
      for (int i = 1; i < chain.length; i++) {
        volume.clones().cloneFileWithSnapshot(Caller.ROOT, chain[i - 1], chain[i]);
      }
      bench.writeBlocks(source, 0, 1, 2);
      Inode late = bench.file("late");
      volume.clones().cloneFileWithSnapshot(Caller.ROOT, source, late);
      assertThat(volume.clones().cloneDepth(source)).isZero();
      assertThat(volume.clones().cloneDepth(chain[1])).isEqualTo(1);
      assertThat(volume.clones().cloneDepth(chain[2])).isEqualTo(2);
      assertThat(volume.clones().cloneDepth(chain[3])).isEqualTo(3);
      assertThat(volume.clones().cloneDepth(late)).isEqualTo(1);
      volume.clones().cloneFileWithSnapshot(Caller.ROOT, source, chain[3]);
      assertThat(volume.clones().cloneDepth(chain[3])).isEqualTo(1);
    }

    @Test
    void aCloneThatFailsLeavesNoSnapshot() {
      Inode source = bench.file("source");
      bench.file("taken");
      assertThat(
              errorOf(
                  () ->
                      volume
                          .clones()
                          .cloneAsWithSnapshot(
                              Caller.ROOT,
                              source,
                              bench.root,
                              name("taken"),
                              AttributeChanges.NONE)))
          .isEqualTo(ArrayError.EXISTS);
      Inode gone = bench.file("gone");
      volume.names().remove(Caller.ROOT, bench.root, name("gone"));
      assertThat(errorOf(() -> volume.clones().cloneFileWithSnapshot(Caller.ROOT, source, gone)))
          .isEqualTo(ArrayError.STALE);
      assertThat(volume.snapshots().all()).isEmpty();
    }
  }

  @Nested
  class OnADisk {
    private final Workbench bench =
        new Workbench(64 << 20, 64 << 20, VolumeLimits.DEFAULT, new SimulatedDisk(1));

    @Test
    void whatWasBuiltAsideIsGivenBackAtTheNextStart() {
      Inode target = bench.file("target");
      bench.writeBlocks(target, 0, 2, 2);
      Inode aside = bench.volume.clones().createUnnamed(Caller.ROOT);
      bench.writeBlocks(aside, 0, 9, 1);
      bench.array.commitIfDurable();
      bench.failPower();
      bench.array.awaitReclaim();
      assertThat(bench.audit()).isEmpty();
      assertThat(errorOf(() -> bench.array.resolve(aside.handle()))).isEqualTo(ArrayError.STALE);
      assertThat(bench.read(bench.lookup(bench.root, "target"))).isEqualTo(pattern(2, 2));
      assertThat(bench.volume.space().ofVolume().physicalUsedBytes()).isEqualTo(2 * BLOCK);
      bench.close();
    }

    @Test
    void anExchangeIsThereAfterARestartOrNotAtAll() {
      Inode target = bench.file("target");
      bench.writeBlocks(target, 0, 2, 2);
      Inode aside = bench.volume.clones().createUnnamed(Caller.ROOT);
      bench.writeBlocks(aside, 0, 9, 1);
      bench.array.commitIfDurable();
      bench.volume.clones().exchangeContents(Caller.ROOT, aside, target);
      try (Workbench before = bench.copyAfterPowerFailure()) {
        assertThat(before.read(before.lookup(before.root, "target"))).isEqualTo(pattern(2, 2));
        assertThat(before.audit()).isEmpty();
      }
      bench.array.commitIfDurable();
      bench.failPower();
      bench.array.awaitReclaim();
      assertThat(bench.read(bench.lookup(bench.root, "target"))).isEqualTo(pattern(9, 1));
      assertThat(bench.audit()).isEmpty();
      assertThat(bench.volume.space().ofVolume().physicalUsedBytes()).isEqualTo(9 * BLOCK);
      bench.close();
    }
  }
}
