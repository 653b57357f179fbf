/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.time.SteppedTime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LockKeeperTest {
  private final SteppedTime time = new SteppedTime();
  private final FakeMount mount = new FakeMount(time);
  private final LockKeeper keeper = new LockKeeper(mount.host);
  private final DatastoreFile disk = mount.datastore.create("disk");
  private final String lockPath = FileLock.lockFileName(disk.ref().fileId());

  @AfterEach
  void close() {
    keeper.close();
    assertThat(time.timers()).as("a closed keeper leaves no timer").isZero();
  }

  private long rewrites() {
    return LockFile.look(mount.datastore, lockPath).rewrites();
  }

  @Test
  void aLockIsRewrittenAsOftenAsTheSettingSays() {
    keeper.lock(mount.datastore, disk);
    assertThat(rewrites()).isEqualTo(1);
    time.advance(Duration.ofSeconds(30));
    assertThat(rewrites()).isEqualTo(4);
    mount.host.settings().set("/NFS/DiskFileLockUpdateFreq", 5);
    time.advance(Duration.ofSeconds(10)); // the beat that was started before, then twice as often
    time.advance(Duration.ofSeconds(10));
    assertThat(rewrites()).isEqualTo(4 + 1 + 2);
  }

  @Test
  void aLockIsStaleAfterAsLongAsTheSettingsSay() {
    mount.host.settings().set("/NFS/DiskFileLockUpdateFreq", 5);
    mount.host.settings().set("/NFS/LockRenewMaxFailureNumber", 2);
    mount.host.settings().set("/NFS/LockUpdateTimeout", 3);
    FileLock.acquire(mount.datastore, disk, "dead", LockTimes.of(mount.host));
    time.advance(Duration.ofSeconds(13));
    assertThatThrownBy(() -> keeper.lock(mount.datastore, disk))
        .hasMessage("disk is locked by dead");
    time.advance(Duration.ofMillis(1));
    keeper.lock(mount.datastore, disk);
    assertThat(keeper.holds(mount.datastore, "disk")).isTrue();
  }

  @Test
  void updatesThatFailAreToldAndTheLockIsKept() {
    keeper.lock(mount.datastore, disk);
    mount.files.writeFault =
        (fileId, offset) -> new DatastoreException(DatastoreError.FILE_ERROR, "no answer");
    time.advance(Duration.ofSeconds(30));
    assertThat(mount.host.log().lines("Failed to update lock " + lockPath)).hasSize(3);
    assertThat(mount.host.log().lines("is marked as stale")).hasSize(1);
    assertThat(keeper.holds(mount.datastore, "disk")).isTrue();

    mount.files.writeFault = (fileId, offset) -> null;
    time.advance(Duration.ofSeconds(20));
    assertThat(mount.host.log().lines("Failed to update lock")).hasSize(3);
    assertThatThrownBy(
            () ->
                FileLock.acquire(mount.datastore, disk, "esx2", LockTimes.byDefault(time.clock())))
        .hasMessage("disk is locked by esx1");
  }

  @Test
  void manyLocksAreRewrittenInOneBeat() {
    List<DatastoreFile> files = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      files.add(mount.datastore.create("file" + i));
    }
    keeper.lockAll(mount.datastore, files);
    assertThat(keeper.count(mount.datastore)).isEqualTo(1_000);
    time.advance(Duration.ofMinutes(5));
    assertThat(keeper.count(mount.datastore)).isEqualTo(1_000);
    assertThat(files)
        .allSatisfy(
            file ->
                assertThat(
                        LockFile.look(mount.datastore, FileLock.lockFileName(file.ref().fileId()))
                            .rewrites())
                    .isEqualTo(31));
  }

  @Test
  void aHostThatGoesBackHoldsWhatItHeldAndNothingElse() {
    keeper.lock(mount.datastore, disk);
    LockKeeper.Held before = keeper.held();
    DatastoreFile other = mount.datastore.create("other");
    keeper.lock(mount.datastore, other);
    time.advance(Duration.ofSeconds(100));
    keeper.hold(before);
    assertThat(keeper.count(mount.datastore)).isEqualTo(1);
    long stale = rewrites();
    time.advance(Duration.ZERO);
    assertThat(rewrites()).isEqualTo(stale + 1);
  }

  /** A lab of 1,000 VMs that is reset every second would otherwise have ever more to rewrite. */
  @Test
  void aHostThatGoesBackWhileItRewritesBeginsAnewInsteadOfDoingBoth() {
    List<DatastoreFile> files = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      files.add(mount.datastore.create("file" + i));
    }
    keeper.lockAll(mount.datastore, files);
    LockKeeper.Held before = keeper.held();
    AtomicInteger writes = new AtomicInteger();
    mount.files.writeFault =
        (fileId, offset) -> {
          if (writes.incrementAndGet() == 10) {
            keeper.hold(before);
          }
          return null;
        };
    keeper.hold(before);
    time.advance(Duration.ZERO);
    time.advance(Duration.ZERO);
    assertThat(writes.get()).isEqualTo(10 + 100);
    assertThat(keeper.count(mount.datastore)).isEqualTo(100);
  }

  /** The host would otherwise be kept from its own VM until the lock is stale. */
  @Test
  void aLockThatStayedBecauseItsRemovalFailedIsTakenAgain() {
    keeper.lock(mount.datastore, disk);
    mount.files.beforeCall =
        () -> {
          throw new DatastoreException(DatastoreError.FILE_ERROR, "no answer");
        };
    assertThatThrownBy(() -> keeper.unlock(mount.datastore, disk)).hasMessageContaining("answer");
    assertThatThrownBy(() -> keeper.lock(mount.datastore, disk)).hasMessageContaining("answer");
    assertThat(keeper.holds(mount.datastore, "disk")).isFalse();
    mount.files.beforeCall = () -> {};

    keeper.lock(mount.datastore, disk);
    assertThat(keeper.holds(mount.datastore, "disk")).isTrue();
    assertThat(rewrites()).isEqualTo(2);
    keeper.unlock(mount.datastore, disk);
    assertThat(mount.datastore.list("")).containsExactly("disk");
  }

  @Test
  void aLockThatStayedAndThatAnotherHostTookIsLeftToIt() {
    keeper.lock(mount.datastore, disk);
    mount.files.beforeCall =
        () -> {
          throw new DatastoreException(DatastoreError.FILE_ERROR, "no answer");
        };
    assertThatThrownBy(() -> keeper.unlock(mount.datastore, disk)).hasMessageContaining("answer");
    mount.files.beforeCall = () -> {};
    time.advance(Duration.ofSeconds(36));
    FileLock.acquire(mount.datastore, disk, "other", LockTimes.of(mount.host));

    assertThatThrownBy(() -> keeper.lock(mount.datastore, disk))
        .hasMessage("disk is locked by other");
  }
}
