/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.memory.MetadataAccount;
import org.facsim.array.block.memory.MetadataBudget;
import org.facsim.array.block.payload.FilePayload;
import org.facsim.array.block.payload.PinnedBytes;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.file.ForwardingPayload;
import org.facsim.array.log.file.SimulatedDisk;
import org.junit.jupiter.api.Test;

/**
 * Everything of the block store that is closed may be closed again, and gives back nothing twice.
 */
class CloseTwiceTest {
  private static final int BLOCK = BlockStore.BLOCK_BYTES;

  private static byte[] noise(int bytes) {
    byte[] noise = new byte[bytes];
    new SplittableRandom(bytes).nextBytes(noise);
    return noise;
  }

  @Test
  void aStoreAndItsPoolGiveMemoryBackOnce() {
    BlockStoreFixture one = new BlockStoreFixture(1000);
    BlockStore other = new BlockStore(one.pool, 1000);
    other.openNames(7);
    FileMap file = one.file();
    one.write(file, 0, noise(20 * BLOCK));
    one.store.close();
    long held = one.pool.directBytes();
    one.store.close();
    assertThat(one.pool.directBytes()).isEqualTo(held);
    one.pool.close();
    assertThat(one.pool.directBytes()).isZero();
    one.pool.close();
    one.store.close();
    other.close();
    assertThat(one.pool.directBytes()).isZero();
  }

  @Test
  void theTablesOfAStoreAreGivenBackOnce() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(1000)) {
      BlockStore store = new BlockStore(fixture.pool, 1000);
      store.openNames(7);
      BlockStoreFixture.inLock(store, store::newMap);
      store.freeTables();
      long held = fixture.pool.directBytes();
      long charged = fixture.pool.metadata().usedBytes();
      store.freeTables();
      assertThat(fixture.pool.directBytes()).isEqualTo(held);
      assertThat(fixture.pool.metadata().usedBytes()).isEqualTo(charged);
    }
  }

  @Test
  void aPreparedWriteGivesItsSlotsBackOnce() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(1000)) {
      PreparedWrite first = fixture.store.prepare(0, ByteBuffer.wrap(noise(8 * BLOCK)));
      first.close();
      try (PreparedWrite second = fixture.store.prepare(0, ByteBuffer.wrap(noise(8 * BLOCK)))) {
        first.close();
        assertThat(fixture.pool.payload().slotsInUse()).isEqualTo(8);
        assertThat(second.isDone()).isFalse();
      }
      assertThat(fixture.pool.payload().slotsInUse()).isZero();
    }
  }

  @Test
  void aPinIsTakenBackOnce() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(1000)) {
      byte[] bytes = noise(2 * BLOCK);
      FileMap file = fixture.file();
      fixture.write(file, 0, bytes);
      PinnedBytes first = fixture.store.pin(file, 0, 2 * BLOCK);
      try (PinnedBytes second = fixture.store.pin(file, 0, 2 * BLOCK)) {
        first.close();
        first.close();
        fixture.locked(() -> fixture.store.release(file));
        fixture.pool.awaitReclaim();
        fixture.write(fixture.file(), 0, noise(3 * BLOCK));
        byte[] seen = new byte[second.lengthBytes(0)];
        second.memory(0).get(second.position(0), seen);
        assertThat(bytes).startsWith(seen);
      }
    }
  }

  @Test
  void payloadInAFileClosesItsFileOnce() {
    List<String> closed = new ArrayList<>();
    PayloadStore file =
        new ForwardingPayload(new SimulatedDisk(1).payload(1)) {
          @Override
          public void close() {
            closed.add("file");
          }
        };
    FilePayload payload = new FilePayload(file, new Epochs());
    payload.close();
    payload.close();
    assertThat(closed).hasSize(1);
  }

  @Test
  void anAccountGivesItsChargeBackOnce() {
    MetadataBudget budget = new MetadataBudget(1 << 20);
    MetadataAccount account = budget.open();
    MetadataAccount other = budget.open();
    account.charge(1 << 17);
    other.charge(1 << 17);
    account.close();
    long used = budget.usedBytes();
    account.close();
    account.charge(1 << 17);
    assertThat(budget.usedBytes()).isEqualTo(used);
    other.close();
  }
}
