/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.array.Workbench.MIB;
import static org.facsim.array.Workbench.name;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Named states of the whole array. */
class StateTest {
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

  /** Makes something of everything, and returns a file. */
  private Inode furnish() {
    Inode file = bench.file("file");
    bench.writeBlocks(file, 0, 20, 1);
    bench.volume.files().allocate(Caller.ROOT, file, 40 * 4096, 10 * 4096, ZeroFill.LAZY);
    Inode directory = bench.directory("directory");
    bench.writeBlocks(bench.file(directory, "below"), 3, 2, 2);
    bench.volume.clones().cloneTree(Caller.ROOT, directory, bench.root, name("copy"));
    bench.volume.snapshots().create(Caller.ROOT, file, "snapshot");
    bench
        .volume
        .attributes()
        .setExtendedAttribute(
            Caller.ROOT, file, "user.a", new byte[] {1}, Volume.AttributeMode.EITHER);
    bench.tick();
    return file;
  }

  private void devastate() {
    bench.tick();
    for (DirectoryEntry entry : bench.list(bench.root, 100)) {
      Inode inode = entry.inode();
      if (!Workbench.inner(inode).isDirectory()) {
        bench.writeBlocks(inode, 5, 3, 9);
        bench.volume.names().remove(Caller.ROOT, bench.root, entry.name());
        continue;
      }
      for (DirectoryEntry below : bench.list(inode, 100)) {
        bench.writeBlocks(below.inode(), 4, 8, 7);
        bench.volume.names().remove(Caller.ROOT, inode, below.name());
      }
      bench.volume.names().removeDirectory(Caller.ROOT, bench.root, entry.name());
    }
    for (Snapshot snapshot : bench.volume.snapshots().all()) {
      bench.volume.snapshots().delete(Caller.ROOT, snapshot);
    }
    bench.writeBlocks(bench.file("file"), 0, 5, 5);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aStateIsSavedOverInOneStep(boolean durable) {
    if (durable) {
      useDisk();
    }
    Inode file = furnish();
    bench.array.saveState("first");
    bench.array.saveState("kept");
    devastate();
    long written = bench.lookup(bench.root, "file").attributes().modifyTimeNanos();
    bench.tick();
    bench.array.saveStateOver("first");
    bench.array.saveStateOver("fresh");
    if (durable) {
      bench.failPower();
    }
    assertThat(bench.array.states())
        .extracting(NamedState::name)
        .containsExactly("kept", "first", "fresh");
    bench.writeBlocks(bench.lookup(bench.root, "file"), 0, 5, 8);
    bench.array.restoreState("first");
    assertThat(bench.lookup(bench.root, "file").attributes().modifyTimeNanos()).isEqualTo(written);
    bench.array.restoreState("kept");
    assertThat(bench.array.resolve(file.handle()).attributes().sizeBytes()).isPositive();
    assertThat(Workbench.errorOf(() -> bench.array.saveStateOver("no/name")))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(bench.array.states()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void restoringBringsEverythingBackAndClientsNotice(boolean durable) {
    if (durable) {
      useDisk();
    }
    Inode file = furnish();
    SeenVolume before = SeenVolume.of(bench);
    bench.array.saveState("good");
    long verifier = bench.array.writeVerifier();
    devastate();
    Inode since = bench.lookup(bench.root, "file");
    long last = since.attributes().changeCounter();
    assertThat(Workbench.errorOf(() -> bench.array.resolve(file.handle())))
        .isEqualTo(ArrayError.STALE);
    if (durable) {
      bench.array.commitIfDurable();
      bench.failPower();
    }

    bench.array.restoreState("good");

    assertThat(bench.array.writeVerifier()).isNotEqualTo(verifier);
    FileHandle handle = since.handle();
    assertThat(Workbench.errorOf(() -> bench.array.resolve(handle))).isEqualTo(ArrayError.STALE);
    Inode again = bench.array.resolve(file.handle());
    assertThat(again.attributes().changeCounter()).isGreaterThan(last);
    assertThat(bench.file("new").fileId()).isGreaterThan(since.fileId());
    bench.volume.names().remove(Caller.ROOT, bench.root, name("new"));
    bench.array.restoreState("good");
    assertThat(bench.array.states()).hasSize(1);
    bench.array.deleteState("good");
    SeenVolume after = SeenVolume.of(bench);
    assertThat(after.isSameAsSaved(before)).as("%s%n%s", before, after).isTrue();
    assertThat(bench.audit()).isEmpty();
  }

  @Test
  void everyStateCanBeRestoredAgainAndAgainInAnyOrder() {
    Inode file = bench.file("file");
    for (int i = 0; i < 4; i++) {
      bench.writeBlocks(file, i, 4, i);
      bench.file("only" + i);
      bench.array.saveState("s" + i);
      bench.volume.names().remove(Caller.ROOT, bench.root, name("only" + i));
    }
    for (int wanted : new int[] {0, 3, 1, 2, 0, 2, 3}) {
      bench.array.restoreState("s" + wanted);
      assertThat(bench.names(bench.root)).containsExactly("file", "only" + wanted);
      assertThat(bench.read(file, wanted * 4096L, 4 * 4096))
          .isEqualTo(Workbench.pattern(4, wanted));
      bench.writeBlocks(file, 0, 8, 77); // lost with the next restore
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void contentsExchangedSinceComeBack(boolean durable) {
    if (durable) {
      useDisk();
    }
    Inode file = bench.file("file");
    bench.writeBlocks(file, 0, 10, 1);
    bench.array.saveState("s");
    Inode aside = bench.volume.clones().createUnnamed(Caller.ROOT);
    bench.writeBlocks(aside, 0, 4, 2);
    bench.volume.clones().exchangeContents(Caller.ROOT, aside, file);
    bench.volume.files().release(aside);
    assertThat(bench.read(file, 0, 4 * 4096)).isEqualTo(Workbench.pattern(4, 2));
    bench.array.restoreState("s");
    bench.array.awaitReclaim();
    assertThat(bench.read(file, 0, 10 * 4096)).isEqualTo(Workbench.pattern(10, 1));
    assertThat(bench.volume.space().of(file))
        .returns(10 * 4096L, FileSpace::logicalBytes)
        .returns(10 * 4096L, FileSpace::referencedBytes);
    assertThat(bench.volume.space().ofVolume()).returns(10 * 4096L, VolumeSpace::physicalUsedBytes);
  }

  @Test
  void whatAStateKeepsIsUsedUntilItIsDeleted() {
    Inode file = bench.file("file");
    bench.writeBlocks(file, 0, 10, 1);
    bench.array.saveState("s");
    assertThat(bench.volume.space().of(file).exclusiveBytes()).isZero();
    assertThat(bench.volume.space().ofVolume().retainedByStatesBytes()).isZero();
    bench.writeBlocks(file, 0, 4, 2);
    assertThat(bench.volume.space().of(file))
        .returns(4 * 4096L, FileSpace::exclusiveBytes)
        .returns(14 * 4096L, FileSpace::chargedBytes);
    assertThat(bench.volume.space().ofVolume())
        .returns(14 * 4096L, VolumeSpace::physicalUsedBytes)
        .returns(4 * 4096L, VolumeSpace::retainedByStatesBytes);
    assertThat(bench.array.states().get(0).keptBytes()).isEqualTo(4 * 4096L);
    bench.array.deleteState("s");
    bench.array.awaitReclaim();
    assertThat(bench.volume.space().ofVolume())
        .returns(10 * 4096L, VolumeSpace::physicalUsedBytes)
        .returns(0L, VolumeSpace::retainedByStatesBytes);
    assertThat(bench.volume.space().of(file).exclusiveBytes()).isEqualTo(10 * 4096L);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void volumesComeAndGoWithStates(boolean durable) {
    if (durable) {
      useDisk();
    }
    Volume first = bench.volume;
    Inode file = bench.file("f");
    bench.writeBlocks(file, 0, 5, 1);
    bench.array.saveState("one");
    bench.array.resizeVolume(first, 512 * MIB);
    Volume second = bench.array.createVolume("second", 16 * MIB);
    bench.array.saveState("two");
    bench.writeBlocks(file, 0, 5, 2);
    bench.array.deleteVolume(first);
    assertThat(Workbench.errorOf(() -> bench.read(file))).isEqualTo(ArrayError.STALE);
    bench.array.createVolume("third", 16 * MIB);
    assertThat(volumeNames()).containsExactly("second", "third");
    if (durable) {
      bench.array.commitIfDurable();
      bench.array.restoreState("two");
      bench.failPower();
    } else {
      bench.array.restoreState("two");
    }
    assertThat(volumeNames()).containsExactly("datastore1", "second");
    assertThat(bench.array.volumes().get(0).sizeBytes()).isEqualTo(512 * MIB);
    bench.array.restoreState("one");
    assertThat(volumeNames()).containsExactly("datastore1");
    assertThat(bench.array.volumes().get(0).sizeBytes()).isEqualTo(256 * MIB);
    assertThat(bench.read(bench.array.resolve(file.handle()))).isEqualTo(Workbench.pattern(5, 1));
    assertThat(Workbench.errorOf(() -> bench.array.resolve(second.root().handle())))
        .isEqualTo(ArrayError.STALE);
    bench.array.restoreState("two");
    assertThat(bench.array.resolve(second.root().handle()).volume().name()).isEqualTo("second");
    bench.array.restoreState("one");
    bench.array.deleteState("two");
    bench.array.awaitReclaim();
    assertThat(bench.array.createVolume("fourth", 16 * MIB).id()).isGreaterThan(3);
  }

  private List<String> volumeNames() {
    return bench.array.volumes().stream().map(Volume::name).toList();
  }

  @Test
  void filesHeldOpenGoStaleWithARestoreAndNamelessOnesDoNotReturn() {
    Inode open = bench.file("open");
    bench.volume.files().hold(open);
    bench.volume.names().remove(Caller.ROOT, bench.root, name("open"));
    bench.array.saveState("s");
    Inode since = bench.file("since");
    bench.writeBlocks(since, 0, 2, 1);
    bench.volume.files().hold(since);
    bench.volume.files().release(open);
    bench.array.restoreState("s");
    assertThat(Workbench.errorOf(() -> bench.read(since))).isEqualTo(ArrayError.STALE);
    bench.volume.files().release(since);
    assertThat(Workbench.errorOf(() -> bench.array.resolve(open.handle())))
        .isEqualTo(ArrayError.STALE);
    assertThat(bench.volume.space().ofVolume().inodes()).isEqualTo(1);
  }

  @Test
  void promisesComeBackOrTheRestoreIsRefusedWhole() {
    bench.close();
    bench = new Workbench(MIB, MIB, VolumeLimits.DEFAULT);
    Inode file = bench.file("file");
    bench.volume.files().allocate(Caller.ROOT, file, 0, 100 * 4096, ZeroFill.LAZY);
    bench.array.saveState("promised");
    bench.volume.names().remove(Caller.ROOT, bench.root, name("file"));
    assertThat(bench.volume.space().ofVolume().reservedBytes()).isZero();
    Inode other = bench.file("other");
    bench.writeBlocks(other, 0, 200, 1);
    bench.array.restoreState("promised");
    assertThat(bench.volume.space().ofVolume().reservedBytes()).isEqualTo(100 * 4096);
    bench.volume.names().remove(Caller.ROOT, bench.root, name("file"));
    bench.writeBlocks(bench.file("kept"), 0, 200, 1);
    bench.array.saveState("full");
    SeenVolume before = SeenVolume.of(bench);
    assertThat(Workbench.errorOf(() -> bench.array.restoreState("promised")))
        .isEqualTo(ArrayError.NO_SPACE);
    SeenVolume.of(bench).assertSameAs(before);
  }

  @Test
  void namesAndNumbersAreLimited() {
    bench.array.saveState("s");
    assertThat(Workbench.errorOf(() -> bench.array.saveState("s"))).isEqualTo(ArrayError.EXISTS);
    assertThat(Workbench.errorOf(() -> bench.array.restoreState("t")))
        .isEqualTo(ArrayError.NOT_FOUND);
    assertThat(Workbench.errorOf(() -> bench.array.deleteState("t")))
        .isEqualTo(ArrayError.NOT_FOUND);
    assertThatThrownBy(() -> bench.array.saveState("a/b"))
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining("letters, digits");
    for (int i = 1; i < StorageArray.MAX_STATES; i++) {
      bench.array.saveState("s" + i);
    }
    assertThat(Workbench.errorOf(() -> bench.array.saveState("more")))
        .isEqualTo(ArrayError.NO_SPACE);
    assertThat(bench.array.states())
        .hasSize(StorageArray.MAX_STATES)
        .first()
        .returns("", NamedState::parent)
        .returns(false, NamedState::isCurrent);
    bench.array.restoreState("s7");
    assertThat(bench.array.states().get(7))
        .returns("s6", NamedState::parent)
        .returns(true, NamedState::isCurrent);
  }

  private long usedBlocks() {
    return bench.volume.space().ofVolume().physicalUsedBytes() / 4096;
  }

  /** Ten blocks that only the state "old" has, and ten that are there now. */
  private void overwriteWhatAStateHas() {
    Inode file = bench.file("f");
    bench.writeBlocks(file, 0, 10, 1);
    bench.array.saveState("old");
    bench.writeBlocks(file, 0, 10, 2);
  }

  @Test
  void whatOnlyADeletedStateHadIsOnItsWayBackAtOnce() {
    overwriteWhatAStateHas();
    Workbench.inner(bench.volume).lock().lock(); // nothing comes back meanwhile
    try {
      bench.array.deleteState("old");
      assertThat(bench.volume.space().ofVolume())
          .returns(20 * 4096L, VolumeSpace::physicalUsedBytes)
          .returns(10 * 4096L, VolumeSpace::reclaimPendingBytes)
          .returns(0L, VolumeSpace::retainedByStatesBytes);
      assertThat(bench.array.space().reclaimPendingBytes()).isEqualTo(10 * 4096L);
    } finally {
      Workbench.inner(bench.volume).lock().unlock();
    }
    bench.array.awaitReclaim();
    assertThat(bench.volume.space().ofVolume())
        .returns(10 * 4096L, VolumeSpace::physicalUsedBytes)
        .returns(0L, VolumeSpace::reclaimPendingBytes);
  }

  @Test
  void whatOnlyADeletedStateHadComesBackByItselfAfterACrash() throws Exception {
    useDisk();
    overwriteWhatAStateHas();
    Workbench after;
    Workbench.inner(bench.volume).lock().lock();
    try {
      bench.array.deleteState("old");
      after = bench.copyAfterPowerFailure();
    } finally {
      Workbench.inner(bench.volume).lock().unlock();
    }
    bench.close();
    bench = after;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (usedBlocks() > 10 && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertThat(usedBlocks()).isEqualTo(10);
  }

  @Test
  void aDeletedForkGoesWhenTheLiveArrayLeavesIt() {
    Inode file = bench.file("f");
    bench.writeBlocks(file, 0, 10, 1);
    bench.array.saveState("fork");
    for (String branch : List.of("left", "right")) {
      bench.writeBlocks(file, 0, 10, branch.length());
      bench.array.saveState(branch);
      bench.array.restoreState("fork");
    }
    bench.array.deleteState("fork"); // both branches and the live array hang on it
    bench.array.awaitReclaim();
    assertThat(usedBlocks()).isEqualTo(30);
    bench.array.restoreState("left");
    bench.array.awaitReclaim();
    assertThat(usedBlocks()).isEqualTo(20);
    assertThat(bench.read(file)).isEqualTo(Workbench.pattern(10, 4));
    bench.array.restoreState("right");
    assertThat(bench.read(file)).isEqualTo(Workbench.pattern(10, 5));
    assertThat(bench.array.states()).extracting(NamedState::name).containsExactly("left", "right");
  }

  /** Readers see one state's contents or the other's; writers and states go on beside them. */
  @Test
  void readersAndWritersBesideSavesAndRestoresSeeWholeStates() throws Exception {
    Inode file = bench.file("file");
    Inode busy = bench.file("busy");
    bench.write(file, 0, filled(1));
    bench.array.saveState("one");
    bench.write(file, 0, filled(2));
    bench.array.saveState("two");
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    Thread reader =
        start(
            stop,
            failure,
            () -> {
              byte[] data = bench.read(file, 0, 64 * 4096);
              for (byte each : data) {
                assertThat(each).isEqualTo(data[0]);
              }
              seen.add((int) data[0]);
              assertThat(bench.names(bench.root)).contains("file", "busy");
            });
    Thread writer =
        start(
            stop,
            failure,
            () -> {
              bench.writeBlocks(busy, 0, 30, 3);
              bench.file("temporary");
              bench.volume.names().remove(Caller.ROOT, bench.root, name("temporary"));
            });
    for (int i = 0; (i < 150 || seen.isEmpty()) && failure.get() == null; i++) {
      bench.array.restoreState(i % 2 == 0 ? "one" : "two");
      if (i % 10 == 5) {
        bench.array.saveState("extra" + i);
        bench.array.deleteState("extra" + i);
      }
    }
    stop.set(true);
    reader.join();
    writer.join();
    assertThat(failure.get()).isNull();
    assertThat(seen).isNotEmpty().isSubsetOf(1, 2);
    bench.array.awaitReclaim();
  }

  private static byte[] filled(int value) {
    byte[] data = new byte[64 * 4096];
    java.util.Arrays.fill(data, (byte) value);
    data[5] = (byte) value;
    return data;
  }

  /** Repeats; an error that a restore explains is none. */
  private static Thread start(
      AtomicBoolean stop, AtomicReference<Throwable> failure, Runnable action) {
    Thread thread =
        new Thread(
            () -> {
              while (!stop.get() && failure.get() == null) {
                try {
                  action.run();
                } catch (ArrayException e) {
                  if (!Set.of(ArrayError.STALE, ArrayError.EXISTS, ArrayError.NOT_FOUND)
                      .contains(e.error())) {
                    failure.set(e);
                  }
                } catch (Throwable e) {
                  failure.set(e);
                }
              }
            });
    thread.start();
    return thread;
  }
}
