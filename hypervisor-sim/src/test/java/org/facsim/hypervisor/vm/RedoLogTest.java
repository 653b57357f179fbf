/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.SplittableRandom;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedoLogTest {
  private static final int SECTOR_BYTES = 512;

  private final Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void agreesWithAnArrayOverRandomWritesAndReopening(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int sectors = 3 * 4096 + 17; // four tables, the last one short
    byte[] model = new byte[sectors];
    rig.files.maxTransferBytes = 64 << 10;
    DatastoreFile file = rig.datastore.create("log");
    RedoLog log = RedoLog.create(file, (long) sectors * SECTOR_BYTES);
    for (int step = 1; step <= 120; step++) {
      int count = 1 + random.nextInt(random.nextInt(8) == 0 ? 2000 : 20);
      int start = random.nextInt(sectors - count);
      byte value = (byte) (1 + step % 127);
      ByteBuf data = Unpooled.buffer(count * SECTOR_BYTES);
      for (int i = 0; i < count * SECTOR_BYTES; i++) {
        data.writeByte(value);
      }
      log.write((long) start * SECTOR_BYTES, data);
      data.release();
      java.util.Arrays.fill(model, start, start + count, value);
      if (random.nextInt(10) == 0) {
        log = RedoLog.open(rig.datastore.open("log"), (long) sectors * SECTOR_BYTES);
      }
      if (random.nextInt(10) == 0) {
        assertSame(log, model, 0, sectors, seed);
      }
      assertSame(log, model, start, count, seed);
    }
    assertSame(log, model, 0, sectors, seed);
  }

  private static void assertSame(RedoLog log, byte[] model, int start, int count, long seed) {
    long[] at = {(long) start * SECTOR_BYTES};
    log.resolve(
        (long) start * SECTOR_BYTES,
        count * SECTOR_BYTES,
        segment -> {
          assertThat(segment.diskOffsetBytes()).as("seed %d", seed).isEqualTo(at[0]);
          byte[] bytes = segment.file().readFully(segment.fileOffsetBytes(), segment.lengthBytes());
          for (int i = 0; i < bytes.length; i++) {
            int sector = (int) ((at[0] + i) / SECTOR_BYTES);
            if (bytes[i] != model[sector]) {
              assertThat(bytes[i]).as("seed %d, sector %d", seed, sector).isEqualTo(model[sector]);
            }
          }
          at[0] += segment.lengthBytes();
        },
        (offset, length) -> {
          assertThat(offset).as("seed %d", seed).isEqualTo(at[0]);
          for (long sector = offset / SECTOR_BYTES;
              sector < (offset + length) / SECTOR_BYTES;
              sector++) {
            assertThat(model[(int) sector]).as("seed %d, sector %d", seed, sector).isZero();
          }
          at[0] += length;
        });
    assertThat(at[0]).isEqualTo((long) (start + count) * SECTOR_BYTES);
  }

  @Test
  void aCrashBeforeTheTableIsWrittenLosesTheWriteAndNothingElse() {
    long capacity = 4096L * SECTOR_BYTES;
    DatastoreFile file = rig.datastore.create("log");
    RedoLog log = RedoLog.create(file, capacity);
    ByteBuf first = Unpooled.copiedBuffer(new byte[4096]).setByte(0, 1);
    log.write(0, first);
    int[] writesLeft = {2}; // header and grains go through, the table does not
    rig.files.writeFault =
        (fileId, offset) ->
            writesLeft[0]-- > 0 ? null : new DatastoreException(DatastoreError.FILE_ERROR, "crash");
    assertThatThrownBy(() -> log.write(65536, first)).isInstanceOf(DatastoreException.class);
    rig.files.writeFault = (fileId, offset) -> null;

    RedoLog after = RedoLog.open(rig.datastore.open("log"), capacity);
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

  @Test
  void aFileThatIsNoRedoLogIsRefused() {
    rig.datastore.writeText("log", "x".repeat(4096));

    assertThatThrownBy(() -> RedoLog.open(rig.datastore.open("log"), 1 << 20))
        .isInstanceOfSatisfying(
            DatastoreException.class, e -> assertThat(e.error()).isEqualTo(DatastoreError.DAMAGED));
  }
}
