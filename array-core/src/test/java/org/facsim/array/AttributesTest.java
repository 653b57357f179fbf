/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.AttributeChanges.TimeChange.KEEP;
import static org.facsim.array.AttributeChanges.TimeChange.TO_ARRAY_TIME;
import static org.facsim.array.Workbench.user;

import java.nio.ByteBuffer;
import java.time.Duration;
import org.facsim.array.AttributeChanges.TimeChange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttributesTest {
  private static final Caller OWNER = user(100, 100L, 300L);
  private static final Caller OTHER = user(101);

  private final Workbench bench = new Workbench();
  private final Inode home = home();

  private Inode home() {
    Inode directory = bench.directory("home");
    set(Caller.ROOT, directory, AttributeChanges.ofMode(0777));
    return directory;
  }

  private Inode file(int mode) {
    return bench.file(OWNER, home, "file" + mode, AttributeChanges.ofMode(mode));
  }

  private Mutation set(Caller caller, Inode inode, AttributeChanges changes) {
    return bench.volume.attributes().setAttributes(caller, inode, changes, null);
  }

  private ArrayError refused(Caller caller, Inode inode, AttributeChanges changes) {
    return bench.refusal(() -> set(caller, inode, changes));
  }

  private static AttributeChanges ids(Long uid, Long gid) {
    return new AttributeChanges(null, uid, gid, null, KEEP, KEEP);
  }

  private static AttributeChanges times(TimeChange access, TimeChange modify) {
    return new AttributeChanges(null, null, null, null, access, modify);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void aMutationTellsTheStateBeforeAndAfter() {
    Inode file = file(0644);
    FileAttributes old = file.attributes();
    bench.tick();
    Mutation mutation = set(OWNER, file, AttributeChanges.ofMode(0600));

    assertThat(mutation.before())
        .isEqualTo(
            new Mutation.Before(
                0, old.modifyTimeNanos(), old.changeTimeNanos(), old.changeCounter()));
    assertThat(mutation.after()).isEqualTo(file.attributes());
    assertThat(mutation.after().mode()).isEqualTo(0600);
    assertThat(mutation.after().changeTimeNanos()).isEqualTo(bench.clock.nanos());
    assertThat(mutation.after().modifyTimeNanos()).isEqualTo(old.modifyTimeNanos());
    assertThat(mutation.after().changeCounter()).isGreaterThan(old.changeCounter());
  }

  @Test
  void aNewOwnerOrGroupTakesSetIdsAwayEvenIfRootGivesIt() {
    for (AttributeChanges changes : new AttributeChanges[] {ids(7L, null), ids(null, 7L)}) {
      String name = "of" + changes.uid();
      Inode program = bench.file(OWNER, home, name, AttributeChanges.ofMode(06755));
      assertThat(set(Caller.ROOT, program, changes).after().mode()).isEqualTo(0755);
      Inode locked = bench.file(OWNER, home, name + "locked", AttributeChanges.ofMode(06744));
      assertThat(set(Caller.ROOT, locked, changes).after().mode())
          .as("set-group-id without group execute means mandatory locking")
          .isEqualTo(02744);
      Inode folder = bench.directory("folder" + changes.uid());
      set(Caller.ROOT, folder, AttributeChanges.ofMode(06755));
      assertThat(set(Caller.ROOT, folder, changes).after().mode()).isEqualTo(06755);
    }
    Inode program = file(06755);
    bench.writeBlocks(program, 0, 1, 1);
    assertThat(program.attributes().mode()).as("root's own write").isEqualTo(06755);
  }

  @Test
  void askingForNothingChangesNothing() {
    Inode file = file(0644);
    bench.tick();
    FileAttributes old = file.attributes();

    assertThat(set(OTHER, file, AttributeChanges.NONE).after()).isEqualTo(old);
  }

  @Test
  void changeTimesNeverRepeatNorGoBackWhateverTheClockDoes() {
    Inode file = file(0644);
    long last = file.attributes().changeTimeNanos();
    long lastCounter = file.attributes().changeCounter();
    for (int i = 0; i < 10; i++) {
      bench.clock.advance(Duration.ofSeconds(i % 3 - 1));
      FileAttributes now = bench.writeBlocks(file, i, 1, i).after();
      assertThat(now.changeTimeNanos()).isGreaterThan(last);
      assertThat(now.modifyTimeNanos()).isEqualTo(now.changeTimeNanos());
      assertThat(now.changeCounter()).isGreaterThan(lastCounter);
      last = now.changeTimeNanos();
      lastCounter = now.changeCounter();
    }
  }

  @Test
  void onlyTheOwnerAndRootChangeTheMode() {
    Inode file = file(0666);

    assertThat(refused(OTHER, file, AttributeChanges.ofMode(0777)))
        .isEqualTo(ArrayError.NOT_PERMITTED);
    assertThat(set(OWNER, file, AttributeChanges.ofMode(0400)).after().mode()).isEqualTo(0400);
    assertThat(set(Caller.ROOT, file, AttributeChanges.ofMode(07777)).after().mode())
        .isEqualTo(07777);
    assertThat(refused(OWNER, file, AttributeChanges.ofMode(010000)))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
  }

  @Test
  void onlyRootGivesAFileAway() {
    Inode file = file(0644);

    assertThat(refused(OWNER, file, ids(101L, null))).isEqualTo(ArrayError.NOT_PERMITTED);
    assertThat(refused(OTHER, file, ids(101L, null))).isEqualTo(ArrayError.NOT_PERMITTED);
    assertThat(set(OWNER, file, ids(100L, null)).after().uid()).isEqualTo(100);
    assertThat(set(Caller.ROOT, file, ids(0xffff_ffffL, 5L)).after())
        .returns(0xffff_ffffL, FileAttributes::uid)
        .returns(5L, FileAttributes::gid);
    assertThat(refused(Caller.ROOT, file, ids(0x1_0000_0000L, null)))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
  }

  @Test
  void anOwnerMovesAFileAmongHisGroups() {
    Inode file = file(0644);

    assertThat(set(OWNER, file, ids(null, 300L)).after().gid()).isEqualTo(300);
    assertThat(refused(OWNER, file, ids(null, 301L))).isEqualTo(ArrayError.NOT_PERMITTED);
    assertThat(refused(OTHER, file, ids(null, 101L))).isEqualTo(ArrayError.NOT_PERMITTED);
  }

  @Test
  void setIdBitsGoWhenAnUnprivilegedCallerWritesTruncatesOrChowns() {
    Inode file = file(0);
    set(Caller.ROOT, file, AttributeChanges.ofMode(06777));
    bench.volume.files().write(OTHER, file, 0, ByteBuffer.wrap(new byte[] {1}));
    assertThat(file.attributes().mode()).isEqualTo(0777);

    set(Caller.ROOT, file, AttributeChanges.ofMode(06777));
    set(OTHER, file, AttributeChanges.ofSize(0));
    assertThat(file.attributes().mode()).isEqualTo(0777);

    set(Caller.ROOT, file, AttributeChanges.ofMode(06777));
    set(OWNER, file, ids(null, 300L));
    assertThat(file.attributes().mode()).isEqualTo(0777);

    set(Caller.ROOT, file, AttributeChanges.ofMode(06767));
    bench.volume.files().write(OTHER, file, 0, ByteBuffer.wrap(new byte[] {1}));
    assertThat(file.attributes().mode()).as("no group execute").isEqualTo(02767);

    set(Caller.ROOT, file, AttributeChanges.ofMode(06777));
    bench.write(file, 0, new byte[] {1});
    assertThat(file.attributes().mode()).as("root").isEqualTo(06777);
  }

  @Test
  void aStrangerToTheGroupCannotSetItsBit() {
    Inode file = file(0644);
    set(Caller.ROOT, file, ids(null, 999L));

    assertThat(set(OWNER, file, AttributeChanges.ofMode(02755)).after().mode()).isEqualTo(0755);
    set(Caller.ROOT, file, ids(null, 300L));
    assertThat(set(OWNER, file, AttributeChanges.ofMode(02755)).after().mode()).isEqualTo(02755);
  }

  @Test
  void explicitTimesNeedTheOwnerAndNowNeedsWritePermission() {
    Inode file = file(0666);
    bench.tick();

    assertThat(set(OTHER, file, times(TO_ARRAY_TIME, TO_ARRAY_TIME)).after())
        .returns(bench.clock.nanos(), FileAttributes::accessTimeNanos)
        .returns(bench.clock.nanos(), FileAttributes::modifyTimeNanos);
    assertThat(refused(OTHER, file, times(new TimeChange.To(1), KEEP)))
        .isEqualTo(ArrayError.NOT_PERMITTED);
    assertThat(set(OWNER, file, times(new TimeChange.To(-5), new TimeChange.To(7))).after())
        .returns(-5L, FileAttributes::accessTimeNanos)
        .returns(7L, FileAttributes::modifyTimeNanos);
    set(OWNER, file, AttributeChanges.ofMode(0644));
    assertThat(refused(OTHER, file, times(KEEP, TO_ARRAY_TIME)))
        .isEqualTo(ArrayError.ACCESS_DENIED);
  }

  @Test
  void theGuardComparesTheChangeTime() {
    Inode file = file(0644);
    long changed = file.attributes().changeTimeNanos();
    AttributeChanges changes = AttributeChanges.ofMode(0600);

    assertThat(
            bench.refusal(
                () -> bench.volume.attributes().setAttributes(OWNER, file, changes, changed + 1)))
        .isEqualTo(ArrayError.NOT_SYNCHRONIZED);
    bench.volume.attributes().setAttributes(OWNER, file, changes, changed);
    assertThat(file.attributes().mode()).isEqualTo(0600);
    assertThat(
            bench.refusal(
                () -> bench.volume.attributes().setAttributes(OWNER, file, changes, changed)))
        .isEqualTo(ArrayError.NOT_SYNCHRONIZED);
  }

  @Test
  void sizesAreCheckedForTypeRangeAndPermission() {
    Inode file = file(0600);
    Inode link =
        bench
            .volume
            .names()
            .makeSymbolicLink(OWNER, home, Name.of("link"), new byte[] {'x'}, AttributeChanges.NONE)
            .inode();

    assertThat(refused(Caller.ROOT, home, AttributeChanges.ofSize(0)))
        .isEqualTo(ArrayError.IS_DIRECTORY);
    assertThat(refused(Caller.ROOT, link, AttributeChanges.ofSize(0)))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(refused(OTHER, file, AttributeChanges.ofSize(0)))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    assertThat(refused(OWNER, file, AttributeChanges.ofSize(-1)))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(refused(OWNER, file, AttributeChanges.ofSize(Volume.MAX_FILE_BYTES + 1)))
        .isEqualTo(ArrayError.FILE_TOO_LARGE);
    assertThat(set(OWNER, file, AttributeChanges.ofSize(Volume.MAX_FILE_BYTES)).after())
        .returns(Volume.MAX_FILE_BYTES, FileAttributes::sizeBytes)
        .returns(0L, FileAttributes::usedBytes);
    assertThat(bench.volume.space().ofVolume().provisionedBytes()).isEqualTo(Volume.MAX_FILE_BYTES);
  }

  @Test
  void allOrNothingWhenOneOfSeveralChangesIsRefused() {
    Inode file = file(0644);
    AttributeChanges mixed = new AttributeChanges(0777, 101L, null, 4096L, KEEP, KEEP);

    assertThat(refused(OWNER, file, mixed)).isEqualTo(ArrayError.NOT_PERMITTED);
    assertThat(set(Caller.ROOT, file, mixed).after())
        .returns(0777, FileAttributes::mode)
        .returns(101L, FileAttributes::uid)
        .returns(4096L, FileAttributes::sizeBytes);
  }

  @Test
  void readsAreNotedAsRelatimeDoes() {
    Inode file = file(0644);
    bench.writeBlocks(file, 0, 1, 1);
    FileAttributes written = file.attributes();
    bench.tick();
    bench.read(file);
    long first = file.attributes().accessTimeNanos();
    assertThat(first).isEqualTo(bench.clock.nanos());
    assertThat(file.attributes().changeCounter()).isEqualTo(written.changeCounter());

    bench.clock.advance(Duration.ofHours(23));
    bench.read(file);
    assertThat(file.attributes().accessTimeNanos()).isEqualTo(first);

    bench.clock.advance(Duration.ofHours(1));
    bench.read(file);
    assertThat(file.attributes().accessTimeNanos()).isEqualTo(bench.clock.nanos());
  }
}
