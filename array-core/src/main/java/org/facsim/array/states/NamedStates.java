/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.NamedState;
import org.facsim.array.StorageArray;
import org.facsim.array.block.memory.MetadataAccount;
import org.facsim.array.block.memory.MetadataBudget;
import org.facsim.array.history.Delta;
import org.facsim.array.history.DeltaTrim;
import org.facsim.array.history.StateTree;
import org.facsim.array.history.StateTree.Step;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.Timestamps;
import org.facsim.array.log.Batch;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.volume.OpenVolume;
import org.facsim.array.volume.VolumeLife;

/**
 * The volumes of an array and its named states (see docs/adr/0007).
 *
 * <p>A save marks a point. From then on, whatever changes is kept as it was before its first change
 * ({@code VolumeDeltas}). A restore undoes what changed since the last save, then walks along the
 * tree of states ({@link StateTree}) and exchanges at each edge what differs ({@code DeltaSwap}).
 * So the cost of both depends on the number of volumes and on the changes, but not on what the
 * array holds.
 */
public final class NamedStates {
  private final Timestamps clock;
  private final MetadataAccount metadata;

  /** How many bytes the states were charged last. */
  private long chargedBytes;

  private final VolumeRegistry volumes;
  private final StateTree tree = new StateTree();
  private final VolumePresence presence = new VolumePresence();
  private final SettingsTable settings = new SettingsTable();
  private final StateFigures figures;

  /** Is told of a volume that is deleted for good. */
  private final Consumer<OpenVolume> deleted;

  /** Runs before a restore changes anything, when nothing can stop the restore any more. */
  private final Runnable restoring;

  /**
   * Begins without volumes and states.
   *
   * @param budget is charged for the states
   * @param deleted is told of a volume that is deleted for good
   * @param restoring runs before a restore changes anything, when nothing can stop the restore any
   *     more
   */
  public NamedStates(
      VolumeRegistry volumes,
      Timestamps clock,
      MetadataBudget budget,
      Consumer<OpenVolume> deleted,
      Runnable restoring) {
    this.volumes = volumes;
    figures = new StateFigures(volumes, tree, presence);
    this.clock = clock;
    metadata = budget.open();
    this.deleted = deleted;
    this.restoring = restoring;
  }

  // ---------------------------------------------------------------- volumes

  /** Adds a new volume. It is called within {@link VolumeRegistry#alone}. */
  public void add(OpenVolume volume) {
    know(volume);
    if (tree.current() != null) {
      presence.made(volume);
    }
    volumes.publish();
  }

  private void know(OpenVolume volume) {
    volumes.add(volume);
    volume
        .context()
        .deltas
        .setTrim(new DeltaTrim(tree, presence, volume.context(), volume.context().deltas));
  }

  /** Deletes a volume: at once for its users, and for good when no state has it. */
  public void remove(OpenVolume volume) {
    volumes.withVolume(volume, () -> removeLocked(volume));
  }

  private void removeLocked(OpenVolume volume) {
    VolumeLife life = volume.context().life;
    life.delete();
    settings.removeAllOf(volume.id(), tree.current() != null);
    if (tree.current() != null && presence.removed(volume, life.limitBlocks())) {
      volume.context().deltas.revert();
      if (tree.current().name() == null) {
        trim(tree.current(), List.of(volume));
      }
    } else {
      forget(List.of(volume));
    }
    volumes.publish();
  }

  public void resize(OpenVolume volume, long sizeBlocks) {
    volumes.alone(
        () -> {
          long before = volume.context().life.limitBlocks();
          volume.context().life.resize(sizeBlocks);
          if (tree.current() != null) {
            presence.resizing(volume, before);
          }
          return null;
        });
  }

  private void forget(List<OpenVolume> gone) {
    for (OpenVolume volume : gone) {
      volumes.remove(volume);
      settings.forget(volume.id());
      deleted.accept(volume);
    }
  }

  // ---------------------------------------------------------------- settings

  public byte[] setting(SettingsTable.Key key) {
    byte[] value = volumes.alone(() -> settings.get(key));
    return value == null ? null : value.clone();
  }

  /**
   * Sets a setting, or removes it if the value is null.
   *
   * @param volume whose it is; null for the array
   * @return what was there before
   * @throws ArrayException STALE, NO_SPACE
   */
  public byte[] set(OpenVolume volume, SettingsTable.Key key, byte[] value) {
    return volumes.alone(
        () -> {
          if (volume != null) {
            volume.context().life.requirePresent();
          }
          byte[] before = settings.get(key);
          settings.put(key, value, tree.current() != null);
          return before;
        });
  }

  /**
   * Sets a setting back, because its change could not be made durable. Does nothing if the volume
   * was deleted or a state restored meanwhile.
   *
   * @param set the very value that was set
   */
  @SuppressWarnings("ReferenceEquality") // an equal one may be a state's
  public void setBack(OpenVolume volume, SettingsTable.Key key, byte[] set, byte[] before) {
    volumes.alone(
        () -> {
          if ((volume == null || !volume.isDeleted()) && settings.get(key) == set) {
            settings.putBack(key, before, tree.current() != null);
          }
          return null;
        });
  }

  // ---------------------------------------------------------------- states

  public void save(String name) {
    ArrayName.require("state", name);
    volumes.withAllVolumes(
        () -> {
          if (tree.find(name) != null) {
            throw new ArrayException(
                ArrayError.EXISTS,
                "state '" + name + "' exists; allowed: another name, or to overwrite it");
          }
          if (tree.namedCount() >= StorageArray.MAX_STATES) {
            throw new ArrayException(
                ArrayError.NO_SPACE, "at most " + StorageArray.MAX_STATES + " states");
          }
          requireMemory();
          add(name);
        });
  }

  /**
   * Saves under a name that may be taken. The volumes stay locked in between, and everything that
   * may refuse is asked first.
   *
   * @return whether there was a state of this name
   */
  public boolean saveOver(String name) {
    if (volumes.alone(() -> tree.find(name)) == null) {
      save(name);
      return false;
    }
    volumes.withAllVolumes(
        () -> {
          StateTree.Node gone = require(name);
          requireMemory();
          remove(gone);
          add(name);
        });
    return true;
  }

  private void requireMemory() {
    metadata.require(HeapCost.STATE_BYTES + (long) volumes.volumes().size() * HeapCost.DELTA_BYTES);
  }

  private void add(String name) {
    StateTree.Node saved = tree.save(name, clock.nowNanos());
    presence.move(Delta.LIVE, saved.edge());
    settings.move(Delta.LIVE, saved.edge());
    for (OpenVolume volume : volumes.volumes()) {
      volume.context().deltas.seal(saved.edge());
    }
    charge();
  }

  public void restore(String name) {
    volumes.withAllVolumes(
        () -> {
          StateTree.Node target = require(name);
          List<Long> path = new ArrayList<>(List.of(Delta.LIVE));
          path.addAll(tree.path(target));
          StateRoom.require(volumes.allVolumes(), path);
          GroupRoom.requireForRestore(volumes.allVolumes(), path);
          restoring.run();
          for (OpenVolume volume : volumes.allVolumes()) {
            volume.context().deltas.walk(path);
          }
          path.forEach(settings::swap);
          settings.drop(Delta.LIVE);
          presence.swap(Delta.LIVE);
          List<OpenVolume> madeSince = presence.drop(Delta.LIVE);
          path.subList(1, path.size()).forEach(presence::swap);
          List<Step> steps = tree.leaveFor(target);
          forget(madeSince);
          volumes.publish();
          for (OpenVolume volume : volumes.volumes()) {
            volume.context().deltas.begin();
            volume.context().destroyNameless();
          }
          apply(steps);
        });
  }

  public void delete(String name) {
    volumes.withAllVolumes(() -> remove(require(name)));
  }

  private void remove(StateTree.Node gone) {
    Step.Merge merge = tree.mergeOf(gone);
    if (merge != null) {
      GroupRoom.requireForMerge(volumes.allVolumes(), merge);
    }
    apply(tree.delete(gone));
  }

  private void apply(List<Step> steps) {
    for (Step step : steps) {
      if (step instanceof Step.Merge merge) {
        volumes.allVolumes().forEach(volume -> volume.context().deltas.merge(merge, presence));
        settings.merge(merge);
        forget(presence.merge(merge));
      } else if (step instanceof Step.Drop drop) {
        volumes.allVolumes().forEach(volume -> volume.context().deltas.drop(drop.edge()));
        settings.drop(drop.edge());
        forget(presence.drop(drop.edge()));
      }
    }
    for (Step step : steps) {
      if (step instanceof Step.Trim trim) {
        trim(trim.fork(), List.copyOf(volumes.known()));
      }
    }
    volumes.publish();
    charge();
  }

  /** Releases what only a deleted state has of some volumes. */
  private void trim(StateTree.Node fork, Collection<OpenVolume> volumes) {
    List<OpenVolume> lost = figures.volumesOnlyIn(fork, volumes);
    lost.forEach(presence::forget);
    for (OpenVolume volume : volumes) {
      if (!lost.contains(volume)) {
        volume.context().deltas.trim().run(fork);
      }
    }
    forget(lost);
  }

  private void charge() {
    long bytes = (long) tree.namedCount() * HeapCost.STATE_BYTES;
    metadata.charge(bytes - chargedBytes);
    chargedBytes = bytes;
  }

  /**
   * Checks that there is such a state now.
   *
   * @throws ArrayException NOT_FOUND
   */
  public void requireState(String name) {
    volumes.alone(() -> require(name));
  }

  private StateTree.Node require(String name) {
    StateTree.Node node = tree.find(name);
    if (node == null) {
      throw new ArrayException(ArrayError.NOT_FOUND, "no state '" + name + "'");
    }
    return node;
  }

  /** All states in the order in which they were saved, see {@link StateFigures}. */
  public List<NamedState> list() {
    return figures.list();
  }

  // ---------------------------------------------------------------- stable storage

  /**
   * Puts what changed in the tree into a batch. It is called within {@link VolumeRegistry#alone}.
   */
  public void cut(Batch into) {
    StateRows.cut(tree, presence, into);
    settings.cut(into);
  }

  /** Loads what is stored of the states, after all volumes are loaded. */
  public void restored(List<OpenVolume> loaded, MetadataStore stored) {
    Map<Integer, OpenVolume> byId = new HashMap<>();
    for (OpenVolume volume : loaded) {
      know(volume);
      byId.put(volume.id(), volume);
    }
    volumes.publish();
    StateRows.load(tree, presence, byId, stored);
    settings.load(stored);
    charge();
    volumes.withAllVolumes(this::trimStored);
    requireFitting();
  }

  /** Releases what only deleted states have, because earlier programs let them keep it. */
  private void trimStored() {
    for (StateTree.Node node : tree.all()) {
      if (node.name() == null) {
        trim(node, List.copyOf(volumes.known()));
      }
    }
    volumes.publish();
  }

  /** Checks that what the volumes say of the tree fits what is stored of it. */
  private void requireFitting() {
    List<String> problems = audit(); // under the locks, because reclaim may have begun
    if (!problems.isEmpty()) {
      throw new ArrayException(ArrayError.IO, "named states are damaged: " + problems.get(0));
    }
  }

  /** Returns what does not fit, in words; empty if all is well. */
  public List<String> audit() {
    List<String> problems = new ArrayList<>();
    volumes.withAllVolumes(
        () -> problems.addAll(StateAudit.of(tree, presence, settings, volumes.allVolumes())));
    return problems;
  }
}
