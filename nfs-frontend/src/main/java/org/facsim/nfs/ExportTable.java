/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;

/**
 * Which volumes are exported. Thread-safe: changes replace the whole table, every call looks its
 * export up anew, by the volume's id and without a lock.
 */
public final class ExportTable {
  /** At the index of the volume's id; replaced whole, under this object's monitor. */
  private volatile Export[] byVolumeId = {};

  /**
   * How volumes that are gone were exported, by id, null for not at all: they may come back with a
   * named state. Ids are never given twice. As many as an array may have volumes, the last to go;
   * guarded by this object's monitor.
   */
  private final Map<Integer, List<ExportRule>> gone =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, List<ExportRule>> eldest) {
          return size() > StorageArray.MAX_VOLUMES;
        }
      };

  /** Exports a volume to everyone as {@code /NAME}, or changes on what terms it is exported. */
  public Export export(Volume volume, ExportOptions options) {
    return export(volume, List.of(ExportRule.forEveryone(options)));
  }

  /**
   * Exports a volume as {@code /NAME}, or changes on what terms it is exported: the next call of
   * every client is judged by these rules.
   *
   * @param rules at most {@link Export#MAX_RULES}; without any, nobody is admitted
   */
  public synchronized Export export(Volume volume, List<ExportRule> rules) {
    Export export = new Export(volume, rules);
    int index = volume.id();
    Export[] table = Arrays.copyOf(byVolumeId, Math.max(byVolumeId.length, index + 1));
    table[index] = export;
    byVolumeId = table;
    return export;
  }

  /** A volume is not there any more; how it was exported is remembered for its return. */
  public synchronized void volumeGone(Volume volume) {
    Export export = ofVolume(volume.id());
    gone.put(volume.id(), export == null ? null : export.rules());
    withdraw(volume);
  }

  /**
   * A volume came back with a named state: it is exported as it was when it went, which may be not
   * at all.
   *
   * @param otherwise the rules of one that this table never knew
   */
  public synchronized void volumeReturned(Volume volume, List<ExportRule> otherwise) {
    List<ExportRule> rules =
        gone.containsKey(volume.id()) ? gone.remove(volume.id()) : List.copyOf(otherwise);
    if (rules != null) {
      export(volume, rules);
    }
  }

  /** Ends an export; handles that clients hold are stale from then on. */
  public synchronized void withdraw(Volume volume) {
    if (volume.id() < byVolumeId.length) {
      Export[] table = byVolumeId.clone();
      table[volume.id()] = null;
      byVolumeId = table;
    }
  }

  /** The export of a volume, or null. */
  public Export ofVolume(int volumeId) {
    Export[] table = byVolumeId;
    return volumeId >= 0 && volumeId < table.length ? table[volumeId] : null;
  }

  /** The export with this path, for example {@code /datastore1}. */
  public Optional<Export> find(String path) {
    return exports().stream().filter(export -> export.path().equals(path)).findFirst();
  }

  /** All exports, in the order of their volumes' ids. A deleted volume is exported no more. */
  public List<Export> exports() {
    List<Export> exports = new ArrayList<>();
    for (Export export : byVolumeId) {
      if (export != null && !export.volume().isDeleted()) {
        exports.add(export);
      }
    }
    return exports;
  }
}
