/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.array.Volume.AttributeMode;
import org.facsim.array.block.AuditFindings;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.array.engine.ArrayEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An array in a real directory, with its committer. */
class DurableArrayTest {
  private static final long MIB = 1 << 20;
  private static final ArrayOptions OPTIONS = new ArrayOptions(64 * MIB, new TestClock(), 3);

  @TempDir Path directory;

  private ArrayEngine open() {
    return ArrayEngine.open(OPTIONS, directory);
  }

  private static Inode file(Volume volume, String name) {
    return volume
        .names()
        .create(Caller.ROOT, volume.root(), Name.of(name), Workbench.GUARDED, AttributeChanges.NONE)
        .inode();
  }

  private static Mutation write(Inode file, long offset, byte[] bytes) {
    return file.volume().files().write(Caller.ROOT, file, offset, ByteBuffer.wrap(bytes));
  }

  private static byte[] read(Inode file) {
    ByteBuffer target = ByteBuffer.allocate((int) file.attributes().sizeBytes());
    file.volume().files().read(Caller.ROOT, file, 0, target);
    return target.array();
  }

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(noise);
    return noise;
  }

  @Test
  void whatWasToldDurableIsThereAfterTheProcessDies() throws Exception {
    byte[] bytes = noise(300_001);
    FileHandle handle;
    ArrayEngine array = open();
    Inode file = file(array.createVolume("v", 8 * MIB), "disk");
    CompletableFuture<Throwable> durable = new CompletableFuture<>();
    array.whenDurable(write(file, 0, bytes).transactionGroup(), Runnable::run, durable::complete);
    assertThat(durable.get(10, TimeUnit.SECONDS)).isNull();
    handle = file.handle();
    array.abandon();
    try (ArrayEngine again = open()) {
      assertThat(read(again.resolve(handle))).isEqualTo(bytes);
      assertThat(again.writeVerifier()).isNotEqualTo(array.writeVerifier());
    }
    assertThat(ArrayCheck.of(directory)).isEmpty();
  }

  @Test
  void closingInOrderKeepsWhatNobodyWaitedForAndWastesNoFileIds() {
    FileHandle handle;
    try (ArrayEngine array = open()) {
      Inode file = file(array.createVolume("v", 8 * MIB), "disk");
      write(file, 0, noise(5000));
      handle = file.handle();
    }
    try (ArrayEngine array = open()) {
      Inode file = array.resolve(handle);
      assertThat(read(file)).isEqualTo(noise(5000));
      assertThat(file(file.volume(), "next").fileId()).isEqualTo(file.fileId() + 1);
    }
  }

  @Test
  void snapshotsTheirClonesAttributesAndAclsAreThereAfterTheProcessDies() {
    Acl acl = new Acl(List.of(new Acl.Entry(Acl.ALLOW, 0, Acl.READ_DATA, Acl.EVERYONE)));
    ArrayEngine array = open();
    Volume volume = array.createVolume("v", 8 * MIB);
    Inode disk = file(volume, "disk");
    write(disk, 0, noise(50_000));
    volume
        .attributes()
        .setExtendedAttribute(Caller.ROOT, disk, "user.a", noise(70), AttributeMode.EITHER);
    volume.attributes().setAcl(Caller.ROOT, disk, acl);
    Snapshot first = volume.snapshots().create(Caller.ROOT, disk, "first");
    write(disk, 0, new byte[50_000]);
    Snapshot second = volume.snapshots().create(Caller.ROOT, volume.root(), "second");
    Inode clone =
        volume.snapshots().restore(Caller.ROOT, first, volume.root(), Name.of("clone")).inode();
    volume.attributes().removeExtendedAttribute(Caller.ROOT, disk, "user.a");
    array.commitIfDurable();
    array.abandon();

    try (ArrayEngine again = open()) {
      Volume found = again.volume("v").orElseThrow();
      assertThat(found.snapshots().all())
          .extracting(Snapshot::name, Snapshot::createdNanos, Snapshot::cloneCount)
          .containsExactly(
              tuple("first", first.createdNanos(), 1), tuple("second", second.createdNanos(), 0));
      Inode again1 = found.snapshots().all().get(0).root();
      assertThat(again1.handle()).isEqualTo(first.root().handle());
      assertThat(read(again1)).isEqualTo(noise(50_000));
      assertThat(found.attributes().extendedAttribute(Caller.ROOT, again1, "user.a"))
          .isEqualTo(noise(70));
      assertThat(found.attributes().acl(Caller.ROOT, again.resolve(disk.handle()))).isEqualTo(acl);
      assertThat(found.snapshots().originOf(again.resolve(clone.handle())))
          .map(Snapshot::name)
          .contains("first");
      assertThat(Workbench.errorOf(() -> write(again1, 0, new byte[1])))
          .isEqualTo(ArrayError.READ_ONLY);
      assertThat(
              Workbench.errorOf(
                  () -> found.snapshots().delete(Caller.ROOT, found.snapshots().all().get(0))))
          .isEqualTo(ArrayError.BUSY);
      found.snapshots().delete(Caller.ROOT, found.snapshots().all().get(1));
      Snapshot third = found.snapshots().create(Caller.ROOT, found.root(), "third");
      assertThat(third.id()).isGreaterThan(second.id());
    }
    assertThat(ArrayCheck.of(directory)).isEmpty();
  }

  @Test
  void afterACrashNoFileIdAndNoChangeCounterComesTwice() {
    ArrayEngine array = open();
    Volume volume = array.createVolume("v", 8 * MIB);
    Inode lost = file(volume, "lost");
    long counter = volume.root().attributes().changeCounter();
    array.abandon();
    try (ArrayEngine again = open()) {
      Volume found = again.volume("v").orElseThrow();
      Inode made = file(found, "made");
      assertThat(made.fileId()).isNotEqualTo(lost.fileId());
      assertThat(found.root().attributes().changeCounter()).isGreaterThan(counter);
      if (again
              .volume("v")
              .orElseThrow()
              .names()
              .readDirectory(Caller.ROOT, found.root(), 0, 9)
              .entries()
              .size()
          == 1) {
        assertThat(Workbench.errorOf(() -> again.resolve(lost.handle())))
            .isEqualTo(ArrayError.STALE);
      }
    }
  }

  @Test
  void volumesAreMadeResizedAndDeletedForGood() {
    ArrayEngine first = open();
    first.createVolume("gone", 8 * MIB);
    Volume volume = first.createVolume("kept", 8 * MIB);
    write(file(first.volume("gone").orElseThrow(), "f"), 0, noise(100_000));
    first.resizeVolume(volume, 16 * MIB);
    first.deleteVolume(first.volume("gone").orElseThrow());
    int kept = volume.id();
    first.awaitReclaim();
    assertThat(first.physicalUsedBytes()).isZero();
    assertThat(directory.resolve("volume-1.blocks")).doesNotExist();
    first.abandon();
    try (ArrayEngine array = open()) {
      assertThat(array.volumes()).extracting(Volume::name).containsExactly("kept");
      assertThat(array.volumes().get(0).id()).isEqualTo(kept);
      assertThat(array.volumes().get(0).sizeBytes()).isEqualTo(16 * MIB);
      assertThat(array.createVolume("new", 8 * MIB).id()).isGreaterThan(kept);
    }
    assertThat(ArrayCheck.of(directory)).isEmpty();
  }

  @Test
  void aDamagedPayloadByteIsAnErrorAndAFindingNeverOtherBytes() throws IOException {
    FileHandle handle;
    try (ArrayEngine array = open()) {
      Inode file = file(array.createVolume("v", 8 * MIB), "disk");
      write(file, 0, noise(40_960));
      handle = file.handle();
    }
    flip(directory.resolve("volume-1.blocks"), 4096 + 20_000);
    assertThat(ArrayCheck.of(directory)).singleElement().asString().contains("checksum");
    try (ArrayEngine array = open()) {
      Inode file = array.resolve(handle);
      assertThat(Workbench.errorOf(() -> read(file))).isEqualTo(ArrayError.IO);
      write(file, 0, noise(40_960));
      assertThat(read(file)).isEqualTo(noise(40_960));
    }
  }

  @Test
  void aTruncatedPayloadFileIsAFinding() throws IOException {
    try (ArrayEngine array = open()) {
      write(file(array.createVolume("v", 8 * MIB), "disk"), 0, noise(40_960));
    }
    try (RandomAccessFile file =
        new RandomAccessFile(directory.resolve("volume-1.blocks").toFile(), "rw")) {
      file.setLength(3 * 4096);
    }
    assertThat(ArrayCheck.of(directory)).hasSizeGreaterThan(5);
  }

  @Test
  void aLostFileIsToldInAFewLinesHoweverManyBlocksItHad() throws IOException {
    try (ArrayEngine array = open()) {
      write(file(array.createVolume("v", 8 * MIB), "disk"), 0, noise(100 * 4096));
    }
    Files.delete(directory.resolve("volume-1.blocks"));
    List<String> found = ArrayCheck.of(directory);
    assertThat(found).hasSize(1 + AuditFindings.MAX_OF_A_KIND + 1);
    assertThat(found.get(0)).contains("volume-1.blocks is missing");
    assertThat(found.get(1)).startsWith("volume v: block ");
    assertThat(found.get(found.size() - 1)).startsWith("volume v: 80 more like it: block N: ");
  }

  private void assertDamaged(String text) {
    assertThatThrownBy(() -> open().close())
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.IO))
        .hasMessageContaining(text);
  }

  @Test
  void aMissingPayloadFileIsDamageAtTheStartAndIsNotMadeAnew() throws IOException {
    try (ArrayEngine array = open()) {
      write(file(array.createVolume("v", 8 * MIB), "disk"), 0, noise(40_960));
    }
    Path payload = directory.resolve("volume-1.blocks");
    byte[] whole = Files.readAllBytes(payload);
    Files.delete(payload);
    assertDamaged("volume 'v' is damaged: volume-1.blocks is missing");
    assertThat(ArrayCheck.of(directory))
        .hasSizeGreaterThan(5)
        .first()
        .asString()
        .contains("missing");
    assertThat(payload).doesNotExist();
    Files.write(payload, java.util.Arrays.copyOf(whole, 3 * 4096));
    assertDamaged("volume-1.blocks is cut: it has 12288 bytes");
    Files.write(payload, whole);
    try (ArrayEngine array = open()) {
      Volume volume = array.volume("v").orElseThrow();
      assertThat(read(volume.names().lookup(Caller.ROOT, volume.root(), Name.of("disk"))))
          .isEqualTo(noise(40_960));
    }
  }

  @Test
  void aCheckAndARefusedStartRemoveNothing() throws IOException {
    try (ArrayEngine array = open()) {
      array.createVolume("gone", 8 * MIB);
      array.createVolume("kept", 8 * MIB);
      array.deleteVolume(array.volume("gone").orElseThrow());
    }
    Path orphan = Files.writeString(directory.resolve("volume-1.blocks"), "left by a crash");
    Path unnamed = Files.writeString(directory.resolve("metadata.77.image"), "likewise");
    assertThat(ArrayCheck.of(directory)).isEmpty();
    Path kept = directory.resolve("volume-2.blocks");
    Files.move(kept, directory.resolve("aside"));
    assertDamaged("volume-2.blocks is missing");
    assertThat(orphan).exists();
    assertThat(unnamed).exists();
    Files.move(directory.resolve("aside"), kept);
    open().close();
    assertThat(orphan).doesNotExist();
    assertThat(unnamed).doesNotExist();
  }

  @Test
  void interruptedCallersReadWriteAndCommit() {
    try (ArrayEngine array = open()) {
      Inode file = file(array.createVolume("v", 8 * MIB), "disk");
      Thread.currentThread().interrupt();
      write(file, 0, noise(300_000));
      array.commitIfDurable();
      array.saveState("s");
      assertThat(read(file)).isEqualTo(noise(300_000));
      assertThat(Thread.interrupted()).isTrue();
      write(file, 0, noise(40_960));
      array.commitIfDurable();
    }
    assertThat(ArrayCheck.of(directory)).isEmpty();
  }

  @Test
  void closingTwiceIsClosingOnce() {
    ArrayEngine array = open();
    array.createVolume("v", 8 * MIB);
    array.close();
    try (ArrayEngine again = open()) {
      array.close();
      again.createVolume("w", 8 * MIB);
    }
    try (ArrayEngine again = open()) {
      assertThat(again.volumes()).extracting(Volume::name).containsExactly("v", "w");
    }
  }

  /** The log was closed in order, so even its last record may not be missed. */
  @Test
  void aFlippedByteOfTheMetadataIsNoticedWhereverItIs() throws IOException {
    try (ArrayEngine array = open()) {
      Volume volume = array.createVolume("v", 8 * MIB);
      for (int i = 0; i < 20; i++) {
        Inode file = file(volume, "f" + i);
        write(file, 0, noise(5000 + i));
        volume
            .attributes()
            .setExtendedAttribute(Caller.ROOT, file, "user.a", noise(i), AttributeMode.EITHER);
        volume.snapshots().create(Caller.ROOT, file, "s" + i);
        if (i % 5 == 0) {
          array.saveState("state" + i);
        }
      }
    }
    assertThat(ArrayCheck.of(directory)).isEmpty();
    SplittableRandom random = new SplittableRandom(1);
    for (String name : new String[] {"metadata.catalog", "metadata.1.log"}) {
      Path path = directory.resolve(name);
      byte[] whole = Files.readAllBytes(path);
      int end = whole.length;
      while (whole[end - 1] == 0) {
        end--;
      }
      for (int i = 0; i < 60; i++) {
        int at = random.nextInt(end);
        byte[] damaged = whole.clone();
        damaged[at] ^= (byte) (1 << random.nextInt(8));
        Files.write(path, damaged);
        assertThat(isNoticed() || isPadding(whole, at)).as("byte %d of %s", at, name).isTrue();
      }
      Files.write(path, java.util.Arrays.copyOf(whole, end / 2));
      assertThat(isNoticed()).as("half of %s", name).isTrue();
      Files.write(path, whole);
    }
    assertThat(ArrayCheck.of(directory)).isEmpty();
  }

  private boolean isNoticed() {
    try {
      return !ArrayCheck.of(directory).isEmpty();
    } catch (ArrayException e) {
      return true;
    }
  }

  /** Zeros between records, which mean nothing. */
  private static boolean isPadding(byte[] bytes, int at) {
    int end = (at | 4095) + 1;
    for (int i = at; i < end; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Test
  void aDirectoryInUseIsRefused() {
    try (ArrayEngine array = open()) {
      assertThat(array.volumes()).isEmpty();
      assertThatThrownBy(() -> ArrayCheck.of(directory))
          .isInstanceOfSatisfying(
              ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.BUSY));
    }
  }

  private static void flip(Path path, long at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at);
      int value = file.read();
      file.seek(at);
      file.write(value ^ 1);
    }
  }
}
