/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RedoLogTest {
  private static final int SECTOR_BYTES = 512;

  private final Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  /** The disk below a log: every sector of it holds the same byte. */
  private DiskChain below(long capacityBytes, int value) {
    DatastoreFile flat = rig.datastore.create("flat");
    flat.setSizeBytes(capacityBytes);
    if (value != 0) {
      byte[] bytes = new byte[(int) capacityBytes];
      Arrays.fill(bytes, (byte) value);
      flat.writeStable(0, bytes);
    }
    return DiskChain.of(flat, capacityBytes, List.of());
  }

  private static ByteBuf filled(int sectors, int value) {
    byte[] bytes = new byte[sectors * SECTOR_BYTES];
    Arrays.fill(bytes, (byte) value);
    return Unpooled.wrappedBuffer(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "VMFS_SPARSE, 11", "VMFS_SPARSE, 12", "VMFS_SPARSE, 13", "VMFS_SPARSE, 14",
    "SE_SPARSE, 11", "SE_SPARSE, 12", "SE_SPARSE, 13", "SE_SPARSE, 14"
  })
  void agreesWithAnArrayOverRandomWritesTrimsAndReopening(RedoLogFormat format, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int sectors = 9 * 4096 + 17; // several tables, the last one and its last grain short
    byte[] model = new byte[sectors];
    Arrays.fill(model, (byte) 99);
    rig.files.maxTransferBytes = 64 << 10;
    DiskChain below = below((long) sectors * SECTOR_BYTES, 99);
    RedoLog log = RedoLog.create(format, rig.datastore.create("log"), below);
    for (int step = 1; step <= 160; step++) {
      int count = 1 + random.nextInt(random.nextInt(8) == 0 ? 2000 : 20);
      int start = random.nextInt(8) == 0 ? sectors - count : random.nextInt(sectors - count);
      byte value = (byte) (1 + step % 98);
      if (random.nextInt(5) == 0) {
        log.trim(new DiskRange((long) start * SECTOR_BYTES, (long) count * SECTOR_BYTES))
            .ifPresent(
                done ->
                    Arrays.fill(
                        model,
                        (int) (done.offsetBytes() / SECTOR_BYTES),
                        (int) (done.endBytes() / SECTOR_BYTES),
                        (byte) 0));
      } else {
        ByteBuf data = filled(count, value);
        log.write((long) start * SECTOR_BYTES, data);
        assertThat(data.refCnt()).isEqualTo(1);
        data.release();
        Arrays.fill(model, start, start + count, value);
      }
      if (random.nextInt(10) == 0) {
        log = RedoLog.open(format, rig.datastore.open("log"), below);
      }
      assertSame(log, below, model, start, count, seed);
    }
    assertSame(log, below, model, 0, sectors, seed);
    RedoLog reader =
        RedoLog.openForReading(format, rig.datastore.open("log"), (long) sectors * SECTOR_BYTES);
    assertSame(reader, below, model, 0, sectors, seed);
  }

  private static void assertSame(
      RedoLog log, DiskChain below, byte[] model, int start, int count, long seed) {
    DiskChain chain = DiskChain.of(below.flat(), below.capacityBytes(), List.of(log));
    byte[] found = chain.readFully((long) start * SECTOR_BYTES, count * SECTOR_BYTES);
    for (int i = 0; i < found.length; i++) {
      if (found[i] != model[start + i / SECTOR_BYTES]) {
        assertThat(found[i])
            .as("seed %d, sector %d", seed, start + i / SECTOR_BYTES)
            .isEqualTo(model[start + i / SECTOR_BYTES]);
      }
    }
  }

  /**
   * The host dies before its n-th WRITE, for every n. What was acknowledged before is there, each
   * sector of what was under way is old or new, and the log goes on to work.
   */
  @ParameterizedTest
  @EnumSource(RedoLogFormat.class)
  void aCrashBeforeAnyWriteLosesNothingThatWasAcknowledged(RedoLogFormat format) {
    int sectors = 5 * 4096;
    DiskChain below = below((long) sectors * SECTOR_BYTES, 99);
    boolean crashed = true;
    for (int writesBefore = 0; crashed; writesBefore++) {
      if (writesBefore > 0) {
        rig.datastore.remove("log");
      }
      RedoLog log = RedoLog.create(format, rig.datastore.create("log"), below);
      byte[] model = new byte[sectors];
      Arrays.fill(model, (byte) 99);
      int[] left = {writesBefore};
      rig.files.writeFault =
          (fileId, offset) ->
              left[0]-- > 0 ? null : new DatastoreException(DatastoreError.FILE_ERROR, "crash");
      crashed = !runSteps(log, model);
      rig.files.writeFault = (fileId, offset) -> null;
      assertThat(writesBefore).isLessThan(200);
      RedoLog after = RedoLog.open(format, rig.datastore.open("log"), below);
      assertOldOrNew(after, below, model, writesBefore);
      ByteBuf more = filled(3, 77);
      after.write(4093L * SECTOR_BYTES, more);
      more.release();
      Arrays.fill(model, 4093, 4096, (byte) 77);
      assertOldOrNew(
          RedoLog.open(format, rig.datastore.open("log"), below), below, model, writesBefore);
    }
  }

  /** What is under way when the host dies: sectors that may be old or new. */
  private int underWayFrom;

  private int underWayTo;
  private int underWayValue;

  private boolean runSteps(RedoLog log, byte[] model) {
    int[][] steps = { // first sector, sectors, value; 0 trims
      {8, 16, 1},
      {4090, 20, 2},
      {3, 2, 3},
      {9000, 64, 4},
      {10, 3, 5},
      {8, 16, 0},
      {9, 1, 6},
      {4096 * 4 - 8, 16, 7},
      {9000, 64, 0},
      {9016, 8, 8}
    };
    for (int[] step : steps) {
      underWayFrom = step[0];
      underWayTo = step[0] + step[1];
      underWayValue = step[2];
      DiskRange range = new DiskRange((long) step[0] * SECTOR_BYTES, (long) step[1] * SECTOR_BYTES);
      ByteBuf data = filled(step[1], step[2]);
      try {
        if (step[2] == 0) {
          Optional<DiskRange> done = log.trim(range);
          if (done.isPresent()) {
            Arrays.fill(
                model,
                (int) (done.get().offsetBytes() / SECTOR_BYTES),
                (int) (done.get().endBytes() / SECTOR_BYTES),
                (byte) 0);
          }
        } else {
          log.write(range.offsetBytes(), data);
          Arrays.fill(model, underWayFrom, underWayTo, (byte) step[2]);
        }
      } catch (DatastoreException e) {
        return false;
      } finally {
        data.release();
      }
    }
    underWayFrom = 0;
    underWayTo = 0;
    return true;
  }

  private void assertOldOrNew(RedoLog log, DiskChain below, byte[] model, int writesBefore) {
    DiskChain chain = DiskChain.of(below.flat(), below.capacityBytes(), List.of(log));
    byte[] found = chain.readFully(0, (int) below.capacityBytes());
    for (int i = 0; i < found.length; i++) {
      int sector = i / SECTOR_BYTES;
      boolean isNew =
          sector >= underWayFrom && sector < underWayTo && found[i] == (byte) underWayValue;
      if (found[i] != model[sector] && !isNew) {
        assertThat(found[i])
            .as("sector %d after %d writes", sector, writesBefore)
            .isEqualTo(model[sector]);
      }
    }
  }

  /** Fails on a log that believes in a directory entry that never reached the array. */
  @ParameterizedTest
  @EnumSource(RedoLogFormat.class)
  void aWriteThatFailedAtTheDirectoryDoesNotMakeLaterWritesUnreachable(RedoLogFormat format) {
    DiskChain below = below(40L << 20, 0);
    RedoLog log = RedoLog.create(format, rig.datastore.create("log"), below);
    long directory = format == RedoLogFormat.VMFS_SPARSE ? 2048 : 4096L * SECTOR_BYTES;
    rig.files.writeFault =
        (fileId, offset) ->
            offset == directory ? new DatastoreException(DatastoreError.FILE_ERROR, "lost") : null;
    ByteBuf data = filled(8, 5);
    assertThatThrownBy(() -> log.write(0, data)).isInstanceOf(DatastoreException.class);
    rig.files.writeFault = (fileId, offset) -> null;

    log.write(4096, data);
    data.release();

    RedoLog reopened = RedoLog.open(format, rig.datastore.open("log"), below);
    assertThat(firstByte(reopened, 4096)).isEqualTo(5);
  }

  @Test
  void placesThatATrimFreedAreTakenAgainAfterTheNextOpeningOnly() {
    DiskChain below = below(40L << 20, 0);
    RedoLog log = RedoLog.create(RedoLogFormat.SE_SPARSE, rig.datastore.create("log"), below);
    ByteBuf data = filled(256, 5);
    log.write(0, data);
    long full = rig.datastore.open("log").sizeBytes();
    assertThat(log.trim(new DiskRange(0, 256 * SECTOR_BYTES))).isPresent();
    RedoLog reader =
        RedoLog.openForReading(RedoLogFormat.SE_SPARSE, rig.datastore.open("log"), 40L << 20);

    log.write(1 << 20, data);
    assertThat(rig.datastore.open("log").sizeBytes()).isEqualTo(full + 256 * SECTOR_BYTES);
    RedoLog reopened = RedoLog.open(RedoLogFormat.SE_SPARSE, rig.datastore.open("log"), below);
    reopened.write(2 << 20, data);
    data.release();

    assertThat(rig.datastore.open("log").sizeBytes()).isEqualTo(full + 256 * SECTOR_BYTES);
    assertThat(firstByte(reopened, 2 << 20)).isEqualTo(5);
    assertThat(zeros(reader, 0)).isTrue();
  }

  private static boolean zeros(RedoLog log, long offset) {
    boolean[] zeros = {false};
    log.resolve(offset, SECTOR_BYTES, segment -> zeros[0] = segment.isZeros(), (at, length) -> {});
    return zeros[0];
  }

  @Test
  void aLogOpenedForReadingRefusesToWrite() {
    DiskChain below = below(1 << 20, 0);
    RedoLog.create(RedoLogFormat.SE_SPARSE, rig.datastore.create("log"), below);
    RedoLog reader =
        RedoLog.openForReading(RedoLogFormat.SE_SPARSE, rig.datastore.open("log"), 1 << 20);

    assertThatThrownBy(() -> reader.trim(new DiskRange(0, 4096)))
        .hasMessageContaining("opened for reading");
  }

  @Test
  void anEmptyLogOfTheLargestDiskIsMadeAndReadWithoutMuchMemory() {
    DatastoreFile flat = rig.datastore.create("flat");
    flat.setSizeBytes(DiskSpec.MAX_PROVISIONED_BYTES);
    DiskChain below = DiskChain.of(flat, DiskSpec.MAX_PROVISIONED_BYTES, List.of());
    RedoLog log = RedoLog.create(RedoLogFormat.SE_SPARSE, rig.datastore.create("log"), below);
    ByteBuf data = filled(8, 5);
    long last = DiskSpec.MAX_PROVISIONED_BYTES - 4096;
    log.write(last, data);
    data.release();

    assertThat(firstByte(log, last)).isEqualTo(5);
    assertThat(firstByte(log, 0)).isEqualTo(-1);
  }

  @Test
  void aCrashBeforeTheTableIsWrittenLosesTheWriteAndNothingElse() {
    long capacity = 4096L * SECTOR_BYTES;
    DatastoreFile file = rig.datastore.create("log");
    VmfsSparseLog log = VmfsSparseLog.create(file, capacity);
    ByteBuf first = Unpooled.copiedBuffer(new byte[4096]).setByte(0, 1);
    log.write(0, first);
    int[] writesLeft = {2}; // header and grains go through, the table does not
    rig.files.writeFault =
        (fileId, offset) ->
            writesLeft[0]-- > 0 ? null : new DatastoreException(DatastoreError.FILE_ERROR, "crash");
    assertThatThrownBy(() -> log.write(65536, first)).isInstanceOf(DatastoreException.class);
    rig.files.writeFault = (fileId, offset) -> null;

    RedoLog after = VmfsSparseLog.open(rig.datastore.open("log"), capacity);
    ByteBuf second = Unpooled.copiedBuffer(new byte[4096]).setByte(0, 2);
    after.write(131072, second);

    assertThat(firstByte(after, 0)).isEqualTo(1);
    assertThat(firstByte(after, 65536)).isEqualTo(-1);
    assertThat(firstByte(after, 131072)).isEqualTo(2);
    first.release();
    second.release();
  }

  /** The first byte at a place of the disk, -1 if the log does not have it. */
  private static int firstByte(RedoLog log, long offset) {
    int[] found = {-1};
    log.resolve(
        offset,
        SECTOR_BYTES,
        segment -> found[0] = segment.file().readFully(segment.fileOffsetBytes(), 1)[0],
        (at, length) -> {});
    return found[0];
  }

  @ParameterizedTest
  @EnumSource(RedoLogFormat.class)
  void aFileThatIsNoRedoLogIsRefused(RedoLogFormat format) {
    rig.datastore.writeText("log", "x".repeat(4096));

    assertThatThrownBy(() -> RedoLog.openForReading(format, rig.datastore.open("log"), 1 << 20))
        .isInstanceOfSatisfying(
            DatastoreException.class, e -> assertThat(e.error()).isEqualTo(DatastoreError.DAMAGED));
  }
}
