/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.StorageArray;
import org.facsim.array.block.BlockPool;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.StoreLoading;
import org.facsim.array.history.DeltaListener;
import org.facsim.array.inode.HandleKey;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.Timestamps;
import org.facsim.array.states.VolumeRegistry;
import org.facsim.array.stored.VolumeChanges;
import org.facsim.array.stored.VolumeRow;
import org.facsim.array.volume.OpenVolume;
import org.facsim.array.volume.VolumeLimits;

/** Makes the volumes of one array: new ones, and those that are stored. */
final class VolumeMaker {
  /** The most volumes that can be made in an array's life. */
  private static final int MAX_VOLUME_ID = 1 << 22;

  private final ArrayEngine array;
  private final VolumeRegistry registry;
  private final BlockPool pool;

  /** Null if the array is ephemeral. */
  private final DurableArray durable;

  private final HandleKey key;
  private final Timestamps clock;
  private final VolumeLimits limits;

  /**
   * The id of the volume that was made last, even if it is deleted. The registry's lock guards it.
   */
  private int lastVolumeId;

  VolumeMaker(
      ArrayEngine array,
      VolumeRegistry registry,
      BlockPool pool,
      DurableArray durable,
      HandleKey key,
      Timestamps clock,
      VolumeLimits limits) {
    this.array = array;
    this.registry = registry;
    this.pool = pool;
    this.durable = durable;
    this.key = key;
    this.clock = clock;
    this.limits = limits;
  }

  /**
   * Makes a volume that nobody knows yet. The caller holds the registry's lock.
   *
   * @throws ArrayException NO_SPACE
   */
  OpenVolume make(String name, long sizeBlocks) {
    if (registry.allVolumes().size() >= StorageArray.MAX_VOLUMES || lastVolumeId >= MAX_VOLUME_ID) {
      throw new ArrayException(
          ArrayError.NO_SPACE, "at most " + StorageArray.MAX_VOLUMES + " volumes");
    }
    pool.metadata().require(HeapCost.ofNewVolume());
    int id = lastVolumeId + 1;
    VolumeChanges changes = durable == null ? null : durable.newChanges(id);
    BlockStore store =
        durable == null
            ? new BlockStore(pool, sizeBlocks)
            : durable.openStore(pool, id, sizeBlocks, null, changes).finish();
    OpenVolume volume;
    try {
      DeltaListener deltas = changes == null ? null : changes.deltas();
      volume = new OpenVolume(array, id, name, store, key, clock, limits, changes, deltas, null);
    } catch (RuntimeException | Error e) { // no memory for its root
      store.close();
      throw e;
    }
    lastVolumeId = id;
    if (durable != null) {
      durable.tookVolumeId(id);
    }
    return volume;
  }

  /**
   * Loads all volumes that are stored.
   *
   * @param payloadDamage receives what is wrong with whole payload files
   * @throws ArrayException IO, NO_SPACE; the pool gives back what was loaded
   */
  List<OpenVolume> load(List<String> payloadDamage) {
    lastVolumeId = durable.lastVolumeId();
    List<OpenVolume> loaded = new ArrayList<>();
    for (Map.Entry<Integer, VolumeRow> entry : durable.storedVolumes().entrySet()) {
      int id = entry.getKey();
      VolumeRow row = entry.getValue();
      if (id < 1 || id > lastVolumeId) {
        throw new ArrayException(ArrayError.IO, "volume " + id + " is stored but was never made");
      }
      VolumeChanges changes = durable.newChanges(id);
      StoreLoading loading = durable.openStore(pool, id, row.limitBlocks(), row.totals(), changes);
      try {
        loaded.add(
            new OpenVolume(
                array,
                id,
                row.name(),
                loading.store(),
                key,
                clock,
                limits,
                changes,
                changes.deltas(),
                state -> durable.loadNames(state, row)));
      } catch (RuntimeException | Error e) {
        loading.abandon();
        throw e;
      }
      loading.finish();
      String damage = loading.payloadDamage();
      if (damage != null) {
        payloadDamage.add("volume '" + row.name() + "' is damaged: " + damage);
      }
      loaded.get(loaded.size() - 1).context().dropNameless();
    }
    return loaded;
  }
}
