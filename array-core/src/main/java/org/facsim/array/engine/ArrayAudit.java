/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.StorageArray;
import org.facsim.array.stored.VolumeAudit;
import org.facsim.array.volume.OpenVolume;

/** Recounts everything of an array: first its named states, then each volume. It is slow. */
public final class ArrayAudit {
  private ArrayAudit() {}

  /** Returns what differs, with one line for each difference; empty if all is well. */
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
