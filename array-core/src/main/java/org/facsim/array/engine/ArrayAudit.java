/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.StorageArray;
import org.facsim.array.stored.VolumeAudit;
import org.facsim.array.volume.OpenVolume;

/** Recounts all of an array: its named states, then each volume. Slow. */
public final class ArrayAudit {
  private ArrayAudit() {}

  /** What differs, one line each; empty if all is well. */
  public static List<String> of(StorageArray array) {
    ArrayEngine engine = (ArrayEngine) array;
    List<String> all = new ArrayList<>(engine.auditStates());
    for (OpenVolume volume : engine.allVolumes()) {
      VolumeAudit.of(volume.context())
          .forEach(problem -> all.add("volume " + volume.name() + ": " + problem));
    }
    return all;
  }
}
