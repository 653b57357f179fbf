/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.facsim.array.Volume.AttributeMode;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.array.block.memory.MetadataBudget;
import org.facsim.array.block.memory.SlabBudget;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Whatever a client can make more and more of ends with NO_SPACE, with nothing changed, while
 * everybody else is served; and what is removed makes room again.
 */
final class MetadataBudgetTest {
  private static final long BUDGET_BYTES = 1 << 20;

  /** More than any of the things tested here can be made of within the budget. */
  private static final int TOO_MANY = 100_000;

  private final Workbench bench = new Workbench(BUDGET_BYTES);
  private final MetadataBudget budget = bench.array.metadata();
  private final long emptyBytes = budget.usedBytes();

  @AfterEach
  void auditAndClose() {
    assertThat(bench.audit()).isEmpty();
    bench.close();
  }

  /** One more of what a client makes. */
  private interface Making {
    void one(int number);
  }

  /** Makes things until there is no room. Returns how many there are then. */
  private int fill(Making making) {
    for (int number = 0; number < TOO_MANY; number++) {
      int now = number;
      long before = budget.usedBytes();
      ArrayError error = Workbench.errorOf(() -> making.one(now));
      if (error != null) {
        assertThat(error).isEqualTo(ArrayError.NO_SPACE);
        assertThat(budget.usedBytes()).as("refused, so nothing is taken").isEqualTo(before);
        assertThat(budget.usedBytes()).isBetween(BUDGET_BYTES * 3 / 4, BUDGET_BYTES);
        return number;
      }
    }
    throw new AssertionError(TOO_MANY + " were made within " + BUDGET_BYTES + " bytes");
  }

  /** Parts of tables stay for the next that come. */
  private void assertEmpty() {
    int stays = 80 << 10;
    assertThat(budget.usedBytes()).isBetween(emptyBytes, emptyBytes + stays);
  }

  @Test
  void filesEndWithNoSpaceAndOthersAreServed() {
    Inode mine = bench.file("mine");
    Inode full = bench.directory("full");
    int made = fill(number -> bench.file(full, "file" + number));

    assertThat(made).isGreaterThan(1000);
    assertThat(Workbench.inner(full).directory().count()).isEqualTo(made);
    assertThat(bench.volume.space().freeInodes()).isLessThan(100);
    bench.volume.files().write(Caller.ROOT, mine, 0, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    ByteBuffer read = ByteBuffer.allocate(3);
    assertThat(bench.volume.files().read(Caller.ROOT, mine, 0, read).countBytes()).isEqualTo(3);
    assertThat(bench.volume.names().lookup(Caller.ROOT, full, Name.of("file0"))).isNotNull();
    bench.volume.attributes().setAttributes(Caller.ROOT, mine, AttributeChanges.ofMode(0600), null);

    for (int number = 0; number < made; number++) {
      bench.volume.names().remove(Caller.ROOT, full, Name.of("file" + number));
    }
    bench.volume.names().removeDirectory(Caller.ROOT, bench.root, Name.of("full"));
    bench.volume.names().remove(Caller.ROOT, bench.root, Name.of("mine"));
    bench.array.awaitReclaim();
    assertEmpty();
    assertThat(fill(number -> bench.file("again" + number))).isGreaterThan(made * 9 / 10);
  }

  @Test
  void directoriesEndWithNoSpace() {
    assertThat(fill(number -> bench.directory("d" + number))).isGreaterThan(100);
  }

  @Test
  void everySixtyFourthFileIsChargedForWhatItKeepsOfTheTables() {
    List<String> names = new ArrayList<>();
    for (int number = 0; number < 1024; number++) {
      bench.file("file" + number);
      names.add("file" + number);
    }
    long dense = budget.usedBytes() - emptyBytes;
    for (int number = 0; number < 1024; number++) {
      if (number % 64 != 0) {
        bench.volume.names().remove(Caller.ROOT, bench.root, Name.of(names.get(number)));
      }
    }
    assertThat(budget.usedBytes() - emptyBytes).isGreaterThan(dense / 64 * 2);
  }

  @Test
  void targetsOfLinksEndWithNoSpace() {
    byte[] target =
        "t".repeat(Volume.MAX_SYMLINK_BYTES).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    int made =
        fill(
            number ->
                bench
                    .volume
                    .names()
                    .makeSymbolicLink(
                        Caller.ROOT,
                        bench.root,
                        Name.of("l" + number),
                        target,
                        AttributeChanges.NONE));
    assertThat(made).isBetween(100, (int) (BUDGET_BYTES / target.length));
  }

  @Test
  void extendedAttributesEndWithNoSpace() {
    int made =
        fill(
            number -> {
              if (number % 100 == 0) {
                bench.file("f" + number / 100);
              }
              bench
                  .volume
                  .attributes()
                  .setExtendedAttribute(
                      Caller.ROOT,
                      bench
                          .volume
                          .names()
                          .lookup(Caller.ROOT, bench.root, Name.of("f" + number / 100)),
                      "a" + number % 100,
                      new byte[500],
                      AttributeMode.CREATE);
            });
    assertThat(made).isBetween(100, (int) (BUDGET_BYTES / 500));
  }

  @Test
  void promisesEndWithNoSpace() {
    Inode file = bench.file("sparse");
    fill(
        number ->
            bench
                .volume
                .files()
                .allocate(Caller.ROOT, file, number * 8192L, Volume.BLOCK_BYTES, ZeroFill.LAZY));
    bench.volume.names().remove(Caller.ROOT, bench.root, Name.of("sparse"));
    bench.array.awaitReclaim();
    assertEmpty();
  }

  @Test
  void snapshotsEndWithNoSpace() {
    Inode file = bench.file("f");
    assertThat(
            fill(number -> bench.volume.snapshots().create(Caller.ROOT, file, "snapshot" + number)))
        .isGreaterThan(100);
    for (Snapshot snapshot : bench.volume.snapshots().all()) {
      bench.volume.snapshots().delete(Caller.ROOT, snapshot);
    }
    bench.volume.names().remove(Caller.ROOT, bench.root, Name.of("f"));
    bench.array.awaitReclaim();
    assertEmpty();
  }

  @Test
  void whatNamedStatesKeepEndsWithNoSpaceButRemovingGoesOnLonger() {
    List<Inode> files = new ArrayList<>();
    for (int number = 0; number < 600; number++) {
      files.add(bench.file("file" + number));
    }
    int states =
        fill(
            number -> {
              if (number % (files.size() + 1) == 0) {
                bench.array.saveState("state" + number / (files.size() + 1));
              } else {
                Inode file = files.get(number % (files.size() + 1) - 1);
                bench.volume.files().write(Caller.ROOT, file, 0, ByteBuffer.wrap(new byte[] {1}));
              }
            });
    assertThat(states).isGreaterThan(files.size());
    // an unchanged file is kept by what removes it, which is the way out
    bench.volume.names().remove(Caller.ROOT, bench.root, Name.of("file599"));
    for (NamedState state : bench.array.states()) {
      bench.array.deleteState(state.name());
    }
    bench.array.awaitReclaim();
    for (int number = 0; number < 599; number++) {
      bench.volume.names().remove(Caller.ROOT, bench.root, Name.of("file" + number));
    }
    bench.array.awaitReclaim();
    assertEmpty();
  }

  @Test
  void volumesEndWithNoSpaceAndGiveAllBack() {
    int made = fill(number -> bench.array.createVolume("v" + number, Workbench.MIB));
    for (int number = 0; number < made; number++) {
      bench.array.deleteVolume(bench.array.volume("v" + number).orElseThrow());
    }
    bench.array.awaitReclaim();
    assertEmpty();
  }

  @Test
  void whatWaitsToBeMadeDurableIsChargedUntilItIs() {
    SimulatedDisk disk = new SimulatedDisk(1);
    try (Workbench durable =
        new Workbench(1024 * Workbench.MIB, 256 * Workbench.MIB, VolumeLimits.DEFAULT, disk)) {
      durable.array.commitIfDurable();
      MetadataBudget ofDurable = durable.array.metadata();
      long settled = ofDurable.usedBytes();
      long kept = Workbench.inner(durable.volume).context().metadata.usedBytes();
      for (int number = 0; number < 2000; number++) {
        durable.file("file" + number);
      }
      kept = Workbench.inner(durable.volume).context().metadata.usedBytes() - kept;
      // an inode, a name and the directory's cookie, for each
      assertThat(ofDurable.usedBytes() - settled - kept).isGreaterThan(2000 * 300);
      durable.array.commitIfDurable();
      long step = 1 << 10;
      long emptyBatch = 8 << 10;
      assertThat(ofDurable.usedBytes() - settled - kept).isBetween(-step, emptyBatch + step);
    }
  }

  @Test
  void filesThatDirectMemoryCannotTakeAreNotFree() {
    try (Workbench roomy = new Workbench(Long.MAX_VALUE / 4)) {
      long rowAndNameBytes = 64 + 24;
      assertThat(roomy.volume.space().freeInodes())
          .isPositive()
          .isLessThan(SlabBudget.limitOfThisProcess() / rowAndNameBytes);
    }
  }

  @Test
  void theDefaultLeavesRoomForTheCollector() {
    long mib = 1 << 20;
    assertThat(MetadataBudget.ofHeap(1024 * mib).limitBytes()).isBetween(650 * mib, 700 * mib);
    assertThat(MetadataBudget.ofHeap(16 * mib).limitBytes()).isEqualTo(4 * mib);
    assertThat(new ArrayOptions(1, bench.clock, 1).metadataBytes()).isEqualTo(OptionalLong.empty());
  }
}
