/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.facsim.array.Volume;

/**
 * Which volumes are exported. Thread-safe: changes replace the whole table, every call looks its
 * export up anew, by the volume's id and without a lock.
 */
public final class ExportTable {
  /** At the index of the volume's id; replaced whole, under this object's monitor. */
  private volatile Export[] byVolumeId = {};

  /** Where what volumes are told is kept; guarded by this object's monitor. */
  private Store store = (volume, rules) -> {};

  /** Keeps how volumes are exported beyond this run. */
  @FunctionalInterface
  public interface Store {
    /**
     * Called before a change holds.
     *
     * @param rules null if the volume is not to be exported at all
     * @throws org.facsim.array.ArrayException if it cannot be kept; then nothing changes
     */
    void store(Volume volume, List<ExportRule> rules);
  }

  /** Whom changes are told to; guarded by this object's monitor. */
  private Listener listener = (volume, export) -> {};

  /** Hears how volumes are exported. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called once a change holds that {@link #export} or {@link #withdraw} made, in the order of
     * the changes; must not block, nor change the table.
     *
     * @param export null if the volume is not exported any more
     */
    void changed(Volume volume, Export export);
  }

  /** From now on, what {@link #export} and {@link #withdraw} change is told. */
  public synchronized void tell(Listener newListener) {
    listener = Objects.requireNonNull(newListener);
  }

  /** From now on, what {@link #export} and {@link #withdraw} say is kept. */
  public synchronized void keepIn(Store newStore) {
    store = Objects.requireNonNull(newStore);
  }

  /** Exports a volume to everyone as {@code /NAME}, or changes on what terms it is exported. */
  public Export export(Volume volume, ExportOptions options) {
    return export(volume, List.of(ExportRule.forEveryone(options)));
  }

  /**
   * Exports a volume as {@code /NAME}, or changes on what terms it is exported: the next call of
   * every client is judged by these rules.
   *
   * @param rules at most {@link Export#MAX_RULES}; without any, nobody is admitted
   * @throws org.facsim.array.ArrayException as {@link Store#store}
   */
  public synchronized Export export(Volume volume, List<ExportRule> rules) {
    Export export = new Export(volume, rules);
    store.store(volume, export.rules());
    publish(volume, export);
    listener.changed(volume, export);
    return export;
  }

  /**
   * Ends an export; handles that clients hold are stale from then on.
   *
   * @throws org.facsim.array.ArrayException as {@link Store#store}
   */
  public synchronized void withdraw(Volume volume) {
    store.store(volume, null);
    publish(volume, null);
    listener.changed(volume, null);
  }

  /**
   * Exports a volume as is already kept of it, or ends its export because it is gone.
   *
   * @param kept says on what terms, null for not at all; asked here, so that what is kept meanwhile
   *     by {@link #export} is not overlooked
   */
  public synchronized void show(Volume volume, Supplier<List<ExportRule>> kept) {
    List<ExportRule> rules = kept.get();
    publish(volume, rules == null ? null : new Export(volume, rules));
  }

  private void publish(Volume volume, Export export) {
    int index = volume.id();
    Export[] table = Arrays.copyOf(byVolumeId, Math.max(byVolumeId.length, index + 1));
    table[index] = export;
    byVolumeId = table;
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
