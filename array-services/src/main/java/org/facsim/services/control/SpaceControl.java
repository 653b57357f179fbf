/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.ArrayException;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.VolumeSpace;
import org.facsim.services.control.CapacityReport.OfVolume;
import org.facsim.services.control.CapacityReport.Use;
import org.facsim.services.control.vm.VmInventory;

/** Where the space of the array went. */
public final class SpaceControl {
  private final StorageArray storage;
  private final VmInventory vms;

  SpaceControl(StorageArray storage, VmInventory vms) {
    this.storage = storage;
    this.vms = vms;
  }

  /**
   * The figures now. Those of a volume are of one moment; what its files hold exclusively is as the
   * last look of the inventory found it, at most a second before.
   */
  public CapacityReport report() {
    List<OfVolume> volumes = new ArrayList<>();
    Use total = Use.NONE;
    for (Volume volume : storage.volumes()) {
      try {
        OfVolume of = of(volume);
        volumes.add(of);
        total = total.plus(of.use());
      } catch (ArrayException deleted) {
        // deleted just now: it takes no space
      }
    }
    return new CapacityReport(storage.space(), total, volumes, storage.states());
  }

  /**
   * The figures of one volume.
   *
   * @throws ArrayException STALE if it is deleted
   */
  public OfVolume of(Volume volume) {
    VolumeSpace space = volume.space().ofVolume();
    VmInventory.Figures files =
        vms.volumes().getOrDefault(volume.name(), new VmInventory.Figures(0, 0, 0));
    return new OfVolume(
        volume.name(),
        space.sizeBytes(),
        space.freeBytes(),
        volume.space().availableBytes(),
        files.vms(),
        volume.snapshots().all().size(),
        Use.of(space, files.exclusiveBytes()));
  }
}
