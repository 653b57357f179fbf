/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app;

import java.util.List;
import java.util.function.Function;
import org.facsim.app.http.ManagedArray;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.nfs.ExportRule;
import org.facsim.protocol.rpc.CallStatistics;
import org.facsim.vaai.offload.VaaiStatistics;
import org.facsim.vaai.offload.VolumeProfiles;

/** A running array as its HTTP door sees it. */
final class Management implements ManagedArray {
  private final FacsimArray array;
  private final Function<String, List<ExportRule>> rules;

  /**
   * @param rules whom a volume of that name is exported to if it comes back with a state
   */
  Management(FacsimArray array, Function<String, List<ExportRule>> rules) {
    this.array = array;
    this.rules = rules;
  }

  @Override
  public StorageArray storage() {
    return array.storage();
  }

  @Override
  public VolumeProfiles profiles() {
    return array.offload().profiles();
  }

  @Override
  public VaaiStatistics vaaiStatistics() {
    return array.offload().statistics();
  }

  @Override
  public CallStatistics callStatistics() {
    return array.statistics();
  }

  @Override
  public void saveState(String name) {
    storage().saveState(name);
  }

  /** Volumes that come back with the state are exported again. */
  @Override
  public synchronized void restoreState(String name) {
    storage().restoreState(name);
    for (Volume volume : storage().volumes()) {
      if (array.exports().ofVolume(volume.id()) == null) {
        array.exports().export(volume, rules.apply(volume.name()));
      }
    }
  }

  @Override
  public void deleteState(String name) {
    storage().deleteState(name);
  }
}
