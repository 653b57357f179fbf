/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.StoreTotals;
import org.facsim.array.log.Batch;
import org.facsim.array.log.Group;
import org.facsim.array.log.GroupPayload;
import org.facsim.array.log.RecordKind;
import org.facsim.array.log.file.SimulatedDisk;

/** A block store on a simulated disk, with groups committed by hand and no names. */
final class DurableVolume {
  private static final int VOLUME = 1;

  private SimulatedDisk disk;
  private long group;

  DurableVolume(long seed) {
    disk = new SimulatedDisk(seed);
  }

  BlockStore open(BlockPool pool, long limitBlocks) {
    StoreTotals[] stored = {null};
    disk.metadata()
        .load(
            RecordKind.VOLUME,
            0,
            (kind, volume, owner, id, bytes) -> stored[0] = StoreTotals.read(bytes));
    return StoreLoading.begin(
            pool,
            limitBlocks,
            VOLUME,
            disk.payload(VOLUME),
            disk.metadata(),
            stored[0],
            new StoreChanges.Listener() {
              @Override
              public void changed() {}

              @Override
              public void hurry() {}
            })
        .finish();
  }

  /** Lock held. */
  void commit(BlockStore store) {
    group++;
    Batch batch = new Batch();
    Group cut = new Group(0, group, batch);
    store.changes().cut(cut);
    ByteBuffer totals = ByteBuffer.allocate(StoreTotals.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    store.totals().write(totals);
    batch.put(RecordKind.VOLUME, 0, 0, VOLUME, totals.flip());
    cut.payload().forEach(GroupPayload::force);
    disk.metadata().append(batch);
    store.changes().durable(group);
  }

  /** Loses what is not durable. */
  void failPower() {
    disk = disk.afterPowerFailure();
  }

  /** The maps of a store that was opened again. */
  static List<FileMap> mapsOf(BlockStore store, List<FileMap> before) {
    return before.stream().map(map -> store.map(map.number)).toList();
  }
}
