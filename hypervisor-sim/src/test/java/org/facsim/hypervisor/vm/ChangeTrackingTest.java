/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.task.TaskContext;
import org.facsim.hypervisor.vm.ChangeTracking.ChangedAreas;
import org.facsim.hypervisor.vmdk.DiskDescriptor;
import org.facsim.hypervisor.vmdk.ExtentType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a backup tool asks, against a record of what was written. */
class ChangeTrackingTest {
  private static final long CAPACITY = 40 * MIB + 512;
  private static final long BLOCK = 64 << 10;
  private static final String PATH = "vm/vm.vmdk";

  private final Rig rig = new Rig();
  private final SplittableRandom random = new SplittableRandom(4);

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @BeforeEach
  void makeDisk() {
    rig.datastore.makeDirectory("vm");
    rig.datastore.create("vm/vm-flat.vmdk").setSizeBytes(CAPACITY);
    rig.datastore.writeText(
        PATH,
        DiskDescriptor.base(
                DiskDescriptor.NEVER_WRITTEN, CAPACITY, "vm-flat.vmdk", "60 00 C2 9f", true)
            .toText());
  }

  private LiveDescriptor opened(String path) {
    return LiveDescriptor.open(rig.datastore, path, random);
  }

  private ChangeTracking stored(String path) {
    return ChangeTracking.of(rig.datastore, path).orElseThrow();
  }

  private DiskDescriptor descriptor(String path) {
    return ChainLink.read(rig.datastore, path).descriptor();
  }

  /** Makes a redo log's descriptor as a snapshot does; nobody reads its data here. */
  private String snapshot(String parentPath, String childPath) {
    ChainLink parent = ChainLink.read(rig.datastore, parentPath);
    DiskDescriptor child =
        DiskDescriptor.redoLog(
            9,
            parent.descriptor(),
            parentPath.substring(3),
            ExtentType.SE_SPARSE,
            childPath.substring(3).replace(".vmdk", "-sesparse.vmdk"));
    rig.datastore.writeText(
        childPath,
        ChangePeriods.continued(rig.datastore, parent, child, childPath, random).toText());
    return childPath;
  }

  @Test
  void theFirstWriteAfterEachOpeningChangesTheContentId() {
    LiveDescriptor live = opened(PATH);
    assertThat(descriptor(PATH).contentId()).isEqualTo(DiskDescriptor.NEVER_WRITTEN);
    live.beforeChange(0, 512);
    int first = descriptor(PATH).contentId();
    live.beforeChange(0, 512);

    assertThat(descriptor(PATH).contentId()).isEqualTo(first).isNotEqualTo(-2);
    assertThat(descriptor(PATH).diskDatabase().get("longContentID"))
        .hasSize(32)
        .endsWith("%08x".formatted(first));
    opened(PATH).beforeChange(0, 512);
    assertThat(descriptor(PATH).contentId()).isNotEqualTo(first);
  }

  @Test
  void trackingIsNamedByTheDescriptorAndTakenOutAgain() {
    LiveDescriptor live = opened(PATH);
    live.trackChanges();

    assertThat(rig.datastore.readText(PATH))
        .contains("version=3", "# Change Tracking File\nchangeTrackPath=\"vm-ctk.vmdk\"\n");
    assertThat(stored(PATH).changeId())
        .matches("52( [0-9a-f]{2}){7}-[0-9a-f]{2}( [0-9a-f]{2}){7}/1");
    live.forgetChanges();
    assertThat(rig.datastore.list("vm")).doesNotContain("vm-ctk.vmdk");
    assertThat(ChangeTracking.of(rig.datastore, PATH)).isEmpty();
    assertThat(rig.datastore.readText(PATH)).contains("version=1");
  }

  /** Fails if a shorter text leaves the end of a longer one for a moment. */
  @Test
  void theDescriptorIsWholeWheneverAHostDies() {
    LiveDescriptor live = opened(PATH);
    int[] looks = {0};
    rig.files.beforeCall =
        () -> {
          looks[0]++;
          byte[] page = rig.files.find(PATH).pages.get(0L);
          assertThat(DiskDescriptor.decode(page).capacityBytes()).isEqualTo(CAPACITY);
        };

    live.trackChanges();
    live.beforeChange(0, 512);
    live.forgetChanges();

    assertThat(looks[0]).isGreaterThan(10);
    assertThat(rig.datastore.readText(PATH)).endsWith("ddb.longContentID = \"" + longId() + "\"\n");
  }

  private String longId() {
    return descriptor(PATH).diskDatabase().get("longContentID");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyLaterStateTellsWhatChangedSinceEveryEarlierOne(long seed) {
    SplittableRandom writes = new SplittableRandom(seed);
    LiveDescriptor live = opened(PATH);
    live.trackChanges();
    List<String> paths = new ArrayList<>(List.of(PATH));
    List<String> ids = new ArrayList<>();
    List<Set<Long>> changed = new ArrayList<>();
    for (int period = 1; period <= 4; period++) {
      Set<Long> blocks = new TreeSet<>();
      for (int i = 0; i < 30; i++) {
        long offset = writes.nextLong(CAPACITY / 512 - 300) * 512;
        long length = (1 + writes.nextInt(300)) * 512L;
        live.beforeChange(offset, length);
        for (long block = offset / BLOCK; block <= (offset + length - 1) / BLOCK; block++) {
          blocks.add(block);
        }
        if (writes.nextInt(10) == 0) {
          live.flush();
          live = opened(paths.get(paths.size() - 1)); // power off and on
        }
      }
      changed.add(blocks);
      live.flush();
      String frozen = paths.get(paths.size() - 1);
      ids.add(stored(frozen).changeId());
      paths.add(snapshot(frozen, "vm/vm-%06d.vmdk".formatted(period)));
      live = opened(paths.get(period));
    }

    for (int later = 1; later < ids.size(); later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        Set<Long> expected = new TreeSet<>();
        changed.subList(earlier + 1, later + 1).forEach(expected::addAll);
        ChangedAreas answer = stored(paths.get(later)).query(0, ids.get(earlier));
        assertThat(blocks(answer))
            .as("seed %d, %d to %d", seed, earlier, later)
            .isEqualTo(expected);
        assertThat(answer.endBytes()).isEqualTo(CAPACITY);
      }
    }
    assertThat(stored(PATH).query(0, ids.get(0)).areas()).isEmpty();
  }

  private static Set<Long> blocks(ChangedAreas answer) {
    Set<Long> blocks = new TreeSet<>();
    for (DiskRange area : answer.areas()) {
      for (long at = area.offsetBytes(); at < area.endBytes(); at += BLOCK) {
        blocks.add(at / BLOCK);
      }
    }
    return blocks;
  }

  @Test
  void consolidationKeepsTheIdsOfBefore() {
    LiveDescriptor live = opened(PATH);
    live.trackChanges();
    live.flush();
    String first = stored(PATH).changeId();
    String child = snapshot(PATH, "vm/vm-000001.vmdk");
    live = opened(child);
    live.beforeChange(5 * BLOCK, 512);
    live.flush();

    ChangePeriods.takenOver(
        rig.datastore,
        ChainLink.read(rig.datastore, child),
        ChainLink.read(rig.datastore, PATH),
        random);
    ChangePeriods.removed(rig.datastore, ChainLink.read(rig.datastore, child));

    assertThat(stored(PATH).query(0, first).areas())
        .containsExactly(new DiskRange(5 * BLOCK, BLOCK));
    assertThat(rig.datastore.list("vm")).doesNotContain("vm-000001-ctk.vmdk");
  }

  @Test
  void aRevertAndACrashMakeAllEarlierIdsInvalid() {
    LiveDescriptor live = opened(PATH);
    live.trackChanges();
    String first = stored(PATH).changeId();
    ChainLink parent = ChainLink.read(rig.datastore, PATH);
    DiskDescriptor child =
        DiskDescriptor.redoLog(9, parent.descriptor(), "vm.vmdk", ExtentType.SE_SPARSE, "x");
    rig.datastore.writeText(
        "vm/vm-000001.vmdk",
        ChangePeriods.restarted(rig.datastore, parent, child, "vm/vm-000001.vmdk", random)
            .toText());
    assertThatThrownBy(() -> stored("vm/vm-000001.vmdk").query(0, first))
        .isInstanceOf(InvalidChangeIdException.class);

    live.beforeChange(0, 512); // and no flush: the host dies
    assertThat(opened(PATH).changeTracking().orElseThrow().changeId()).isNotEqualTo(first);
    assertThatThrownBy(() -> stored(PATH).query(0, first))
        .isInstanceOf(InvalidChangeIdException.class)
        .hasMessageStartingWith(
            "vm/vm-ctk.vmdk: change id \"" + first + "\" is not one of this disk");
  }

  @Test
  void anAnswerIsBoundedAndContinued() {
    DatastoreFile file = rig.datastore.create("ctk");
    long capacity = 5000 * BLOCK;
    ChangeTracking tracking = ChangeTracking.create(file, capacity, random);
    String before = tracking.changeId();
    ChangeTracking next = tracking.continueIn(rig.datastore.create("ctk2"));
    for (int block = 0; block < 5000; block += 2) {
      next.note(block * BLOCK, 512);
    }

    ChangedAreas first = next.query(0, before);
    ChangedAreas second = next.query(first.endBytes(), before);

    assertThat(first.areas()).hasSize(ChangeTracking.MAX_AREAS);
    assertThat(second.areas()).hasSize(500);
    assertThat(second.endBytes()).isEqualTo(capacity);
    assertThat(second.areas().get(0).offsetBytes()).isEqualTo(4000 * BLOCK);
    next.flush();
    assertThat(ChangeTracking.open(rig.datastore.open("ctk2"), capacity).query(0, before))
        .isEqualTo(first);
  }

  @Test
  void everythingIsTheWholeDiskAndOtherIdsAreRefused() {
    ChangeTracking tracking = ChangeTracking.create(rig.datastore.create("ctk"), CAPACITY, random);

    assertThat(tracking.query(0, "*").areas()).containsExactly(new DiskRange(0, CAPACITY));
    assertThat(tracking.query(CAPACITY, "*").areas()).isEmpty();
    String next = tracking.changeId().replaceFirst("/1$", "/2");
    for (String id : List.of("", "/", "/1", "x/1", next, tracking.changeId() + "0")) {
      assertThatThrownBy(() -> tracking.query(0, id))
          .isInstanceOf(InvalidChangeIdException.class)
          .hasMessageContaining("allowed: * or 52 ");
    }
    assertThatThrownBy(() -> tracking.query(CAPACITY + 1, "*"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("start offset 41943553; allowed: 0 to 41943552");
    rig.datastore.writeText("ctk3", "x".repeat(8192));
    assertThatThrownBy(() -> ChangeTracking.open(rig.datastore.open("ctk3"), CAPACITY))
        .isInstanceOf(DatastoreException.class)
        .hasMessage("ctk3: not a change-tracking file of version 1");
  }

  @Test
  void consolidationRemovesTrackingFilesThatAFailureLeft() {
    VirtualMachine guest = rig.running("guest", WINDOWS_7, new DiskSpec(256 << 10, 64 << 10));
    guest.trackChanges(true);
    guest.takeSnapshot("one");
    rig.datastore.create("guest/guest-000007-ctk.vmdk");

    guest.consolidate(TaskContext.NONE);

    assertThat(guest.files())
        .contains("guest-ctk.vmdk", "guest-000001-ctk.vmdk")
        .doesNotContain("guest-000007-ctk.vmdk");
  }

  /** The host died while the VM ran; what it had in memory is missing from the file. */
  @Test
  void aSnapshotAfterACrashDoesNotContinueWhatLostChanges() {
    VirtualMachine guest = rig.running("guest", WINDOWS_7, new DiskSpec(256 << 10, 64 << 10));
    guest.trackChanges(true);
    String before = guest.disks().get(0).changeTracking().orElseThrow().changeId();
    guest.overwriteGuestData(0, 0, 4096);
    VirtualMachine again = VirtualMachine.open(rig.vmHost, rig.datastore, "guest/guest.vmx");

    again.takeSnapshot("one");

    ChangeTracking after =
        ChangeTracking.of(rig.datastore, again.disks().get(0).descriptorPath()).orElseThrow();
    assertThatThrownBy(() -> after.query(0, before)).isInstanceOf(InvalidChangeIdException.class);
  }

  @Test
  void aConsolidationThatFailsLeavesFilesThatCanBeRead() {
    boolean wasRefused = true;
    for (int n = 1; wasRefused; n++) {
      String name = "guest" + n;
      VirtualMachine guest = rig.running(name, WINDOWS_7, new DiskSpec(256 << 10, 64 << 10));
      guest.trackChanges(true);
      guest.takeSnapshot("one");
      guest.overwriteGuestData(0, 0, 4096);
      guest.takeSnapshot("two");
      AtomicInteger calls = new AtomicInteger();
      int refused = n;
      rig.files.beforeCall =
          () -> {
            if (calls.incrementAndGet() == refused) {
              throw new DatastoreException(DatastoreError.FILE_ERROR, "refused");
            }
          };
      try {
        guest.removeSnapshots();
      } catch (DatastoreException e) {
        assertThat(e).hasMessageContaining("refused");
      }
      rig.files.beforeCall = () -> {};
      wasRefused = calls.get() >= n;
      for (String file : guest.files()) {
        if (file.endsWith("-ctk.vmdk")) {
          ChangeTracking.open(rig.datastore.open(name + "/" + file), 256 << 10);
        }
      }
      guest.powerOff();
    }
  }
}
