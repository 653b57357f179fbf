/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.MIB;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.pattern;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.facsim.array.Volume.ReadResult;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.memory.MetadataAccount;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A file has no block map until something is written to it, and nobody can tell. */
final class EmptyFileTest {
  private static final int BLOCK = Volume.BLOCK_BYTES;

  private Workbench bench = new Workbench();

  @AfterEach
  void closeAndFindNothingWrong() {
    assertThat(bench.audit()).isEmpty();
    bench.close();
  }

  private void useDisk() {
    bench.close();
    bench = new Workbench(1024 * MIB, 256 * MIB, VolumeLimits.DEFAULT, new SimulatedDisk(1));
  }

  private static boolean hasMap(Inode file) {
    return !Workbench.inner(file).map().isNone();
  }

  private long metadataBytes() {
    return Workbench.inner(bench.volume).context().metadata.usedBytes();
  }

  private void resize(Inode file, long sizeBytes) {
    bench
        .volume
        .attributes()
        .setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(sizeBytes), null);
  }

  @Test
  void whatOnlyMakesNamesAndSizesMakesNoMap() {
    Inode file = bench.file("f");
    resize(file, 10 * MIB);
    bench.volume.files().punchHole(Caller.ROOT, file, 100, MIB);
    resize(file, 5);
    bench.volume.snapshots().create(Caller.ROOT, file, "snapshot");
    Inode clone =
        bench
            .volume
            .clones()
            .cloneAs(Caller.ROOT, file, bench.root, name("clone"), AttributeChanges.NONE)
            .inode();
    Inode copied = bench.file("copied");
    bench.volume.clones().cloneFile(Caller.ROOT, file, copied);
    assertThat(hasMap(file) || hasMap(clone) || hasMap(copied)).isFalse();
    assertThat(bench.read(clone)).isEqualTo(new byte[5]);
    assertThat(bench.read(copied)).isEqualTo(new byte[5]);
    assertThat(bench.volume.space().of(file)).isEqualTo(new FileSpace(5, 0, 0, 0, 0));
    assertThat(bench.volume.files().seekHole(Caller.ROOT, file, 3).offsetBytes()).isEqualTo(3);
  }

  @Test
  void theFirstWriteIsChargedTheMapAndRemovalGivesItBack() {
    Inode file = bench.file("f");
    long empty = metadataBytes();
    bench.writeBlocks(file, 7, 2, 1);
    assertThat(metadataBytes()).isEqualTo(empty + FileMap.HEAP_BYTES);
    assertThat(bench.read(file, 7L * BLOCK, 2 * BLOCK)).isEqualTo(pattern(2, 1));
    resize(file, 0);
    assertThat(hasMap(file)).as("as in a data directory of an older version").isTrue();
    bench.volume.names().remove(Caller.ROOT, bench.root, name("f"));
    bench.array.awaitReclaim();
    assertThat(metadataBytes()).isLessThan(empty);
  }

  @Test
  void aPromiseAndARangeCloneNeedAMap() {
    Inode promised = bench.file("promised");
    bench.volume.files().allocate(Caller.ROOT, promised, 0, MIB, ZeroFill.LAZY);
    assertThat(bench.volume.space().of(promised).reservedBytes()).isEqualTo(MIB);
    Inode source = bench.file("source");
    bench.writeBlocks(source, 0, 4, 1);
    Inode target = bench.file("target");
    bench.volume.clones().cloneRange(Caller.ROOT, source, 0, target, 0, 4 * BLOCK);
    assertThat(bench.read(target)).isEqualTo(pattern(4, 1));
    Inode empty = bench.file("empty");
    bench.volume.clones().cloneFile(Caller.ROOT, empty, target);
    assertThat(target.attributes().sizeBytes()).isZero();
    assertThat(bench.volume.space().of(target).referencedBytes()).isZero();
  }

  @Test
  void contentsPutInThePlaceOfNoneTakePromisesAlong() {
    Inode target = bench.file("target");
    bench.volume.files().allocate(Caller.ROOT, target, 0, 8 * BLOCK, ZeroFill.LAZY);
    Inode aside = bench.volume.clones().createUnnamed(Caller.ROOT);
    resize(aside, 8 * BLOCK);
    bench.volume.clones().exchangeContents(Caller.ROOT, aside, target);
    assertThat(bench.volume.space().of(target).reservedBytes()).isEqualTo(8 * BLOCK);
    assertThat(bench.volume.space().of(aside).reservedBytes()).isZero();
    bench.volume.files().release(aside);
  }

  @Test
  void aRefusedFirstWriteTakesNothing() {
    bench.close();
    bench = new Workbench(1 << 20, 2 * MIB, VolumeLimits.DEFAULT);
    Inode full = bench.file("full");
    bench.writeBlocks(full, 0, (1 << 20) / BLOCK, 1);
    Inode file = bench.file("f");
    long before = metadataBytes();
    assertThat(bench.refusal(() -> bench.writeBlocks(file, 0, 1, 1)))
        .isEqualTo(ArrayError.NO_SPACE);
    assertThat(
            bench.refusal(
                () ->
                    bench.volume.files().allocate(Caller.ROOT, file, 0, 4 * BLOCK, ZeroFill.LAZY)))
        .isEqualTo(ArrayError.NO_SPACE);
    assertThat(hasMap(file)).isFalse();
    assertThat(metadataBytes()).isEqualTo(before);
  }

  @Test
  void aFirstWriteWithoutMemoryForTheMapIsRefused() {
    bench.close();
    bench = new Workbench(1 << 20);
    Inode file = bench.file("f");
    MetadataAccount other = bench.array.metadata().open();
    other.charge(bench.array.metadata().limitBytes());
    assertThat(errorOf(() -> bench.writeBlocks(file, 0, 1, 1))).isEqualTo(ArrayError.NO_SPACE);
    assertThat(hasMap(file)).isFalse();
    other.close();
    bench.writeBlocks(file, 0, 1, 1);
  }

  @Test
  void aStateHasTheFileEmptyAndRestartsDoNotTell() {
    useDisk();
    Inode file = bench.file("f");
    bench.file("never");
    Inode gone = bench.file("gone");
    bench.array.saveState("empty");
    bench.writeBlocks(file, 0, 3, 1);
    bench.volume.names().remove(Caller.ROOT, bench.root, name("gone"));
    Inode made = bench.file("made");
    assertThat(hasMap(gone) || hasMap(made)).isFalse();
    bench.array.saveState("full");
    bench.restart();
    assertThat(bench.audit()).isEmpty();
    assertThat(hasMap(bench.lookup(bench.root, "never"))).isFalse();

    bench.array.restoreState("empty");
    assertThat(bench.names(bench.root)).containsExactlyInAnyOrder("f", "never", "gone");
    assertThat(bench.lookup(bench.root, "f").attributes().sizeBytes()).isZero();
    bench.writeBlocks(bench.lookup(bench.root, "gone"), 1, 2, 2);
    bench.restart();
    assertThat(bench.audit()).isEmpty();

    bench.array.restoreState("full");
    assertThat(bench.names(bench.root)).containsExactlyInAnyOrder("f", "never", "made");
    assertThat(bench.read(bench.lookup(bench.root, "f"))).isEqualTo(pattern(3, 1));
    bench.array.deleteState("empty");
    bench.array.deleteState("full");
    bench.array.awaitReclaim();
    bench.restart();
    assertThat(bench.read(bench.lookup(bench.root, "f"))).isEqualTo(pattern(3, 1));
  }

  /** What makes a reader without a lock look again that met no map, and then the new size. */
  @Test
  void theFirstMapIsAStepOfTheContentSequence() {
    Inode file = bench.file("f");
    int before = Workbench.inner(file).contentSequence();
    bench.writeBlocks(file, 0, 1, 1);
    assertThat(Workbench.inner(file).contentSequence()).isEqualTo(before + 2);
    bench.writeBlocks(file, 1, 1, 1);
    assertThat(Workbench.inner(file).contentSequence()).isEqualTo(before + 2);
  }

  @Test
  void aReaderBesideFirstWritesSeesNothingOrWhatWasWritten() throws Exception {
    byte[] written = pattern(1, 1);
    AtomicReference<Inode> latest = new AtomicReference<>(bench.file("first"));
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<String> torn = new AtomicReference<>();
    Thread reader =
        new Thread(
            () -> {
              ByteBuffer target = ByteBuffer.allocate(BLOCK);
              while (!done.get() && torn.get() == null) {
                target.clear();
                ReadResult result = bench.volume.files().read(Caller.ROOT, latest.get(), 0, target);
                target.flip();
                if (result.countBytes() > 0 && !target.equals(ByteBuffer.wrap(written))) {
                  torn.set(result.countBytes() + " bytes, the first is " + target.get(0));
                }
              }
            });
    reader.start();
    try {
      for (int round = 0; round < 20_000; round++) {
        Inode file = bench.file("f" + round);
        latest.set(file);
        bench.write(file, 0, written);
      }
    } finally {
      done.set(true);
      reader.join();
    }
    assertThat(torn.get()).isNull();
  }
}
