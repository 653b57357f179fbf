/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.facsim.array.Volume;

/**
 * Which volumes are exported. Thread-safe: changes replace the whole table. Every call looks up its
 * export again, by the volume's id and without a lock.
 */
public final class ExportTable {
  /**
   * The exports by volume id. The array is replaced, never changed, under this object's monitor.
   */
  private volatile Export[] byVolumeId = {};

  /** Written under this object's monitor. */
  private final AtomicInteger changes = new AtomicInteger();

  /** Where settings of volumes are stored; guarded by this object's monitor. */
  private Store store = (volume, rules) -> {};

  /** Stores how volumes are exported, beyond this run. */
  @FunctionalInterface
  public interface Store {
    /**
     * Called before a change applies.
     *
     * @param rules null if the volume is not to be exported at all
     * @throws org.facsim.array.ArrayException if it cannot be stored; then nothing changes
     */
    void store(Volume volume, List<ExportRule> rules);
  }

  /** Null until the server says what it offers: the options of a start are checked before. */
  private volatile OfferedSecurity offered;

  /** Says what the server offers. From now on, rules that ask for anything else are refused. */
  public void offer(OfferedSecurity security) {
    offered = Objects.requireNonNull(security);
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

  /** From now on, changes by {@link #export} and {@link #withdraw} are stored. */
  public synchronized void keepIn(Store newStore) {
    store = Objects.requireNonNull(newStore);
  }

  /** Exports a volume to everyone as {@code /NAME}, or changes its terms. */
  public Export export(Volume volume, ExportOptions options) {
    return export(volume, List.of(ExportRule.forEveryone(options)));
  }

  /**
   * Exports a volume as {@code /NAME}, or changes its terms. The rules apply from the next call of
   * every client on.
   *
   * @param rules at most {@link Export#MAX_RULES}; if empty, no client is admitted
   * @throws IllegalArgumentException if a rule asks for security that is not offered
   * @throws org.facsim.array.ArrayException as {@link Store#store}
   */
  public synchronized Export export(Volume volume, List<ExportRule> rules) {
    if (offered != null) {
      offered.require(rules);
    }
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
   * Exports a volume with its stored terms, or ends its export because the volume is gone.
   *
   * @param kept returns the stored terms, or null if the volume is not exported; called under the
   *     monitor, so that no change by {@link #export} is overlooked
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
    changes.incrementAndGet();
  }

  /** How often something changed here; starts at 0 in each run. */
  public int changes() {
    return changes.get();
  }

  /** The export of a volume, or null. */
  public Export ofVolume(int volumeId) {
    Export[] table = byVolumeId;
    return volumeId >= 0 && volumeId < table.length ? table[volumeId] : null;
  }

  /** The export with this path, for example {@code /datastore1}. */
  public Optional<Export> find(String path) {
    for (Export export : byVolumeId) {
      if (isShown(export) && export.path().equals(path)) {
        return Optional.of(export);
      }
    }
    return Optional.empty();
  }

  /** All exports, in the order of their volumes' ids. A deleted volume is no longer exported. */
  public List<Export> exports() {
    List<Export> exports = new ArrayList<>();
    for (Export export : byVolumeId) {
      if (isShown(export)) {
        exports.add(export);
      }
    }
    return exports;
  }

  private static boolean isShown(Export export) {
    return export != null && !export.volume().isDeleted();
  }
}
