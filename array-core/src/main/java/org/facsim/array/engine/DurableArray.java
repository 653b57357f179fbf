/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.facsim.array.ArrayException;
import org.facsim.array.block.BlockPool;
import org.facsim.array.block.StoreLoading;
import org.facsim.array.block.ledger.StoreTotals;
import org.facsim.array.block.memory.MetadataBudget;
import org.facsim.array.log.Batch;
import org.facsim.array.log.Group;
import org.facsim.array.log.Home;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.RecordKind;
import org.facsim.array.log.TransactionGroups;
import org.facsim.array.states.NamedStates;
import org.facsim.array.states.VolumeRegistry;
import org.facsim.array.stored.ArrayRow;
import org.facsim.array.stored.VolumeChanges;
import org.facsim.array.stored.VolumeLoader;
import org.facsim.array.stored.VolumeRow;
import org.facsim.array.volume.OpenVolume;
import org.facsim.array.volume.VolumeContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a durable array has in addition to an ephemeral one: its row, its home and its transaction
 * groups.
 *
 * <p>Order of locks: the committer's, then that of the states, then one volume's at a time. This
 * object's monitor guards the array's own row and the list of removed volumes.
 */
public final class DurableArray implements TransactionGroups.Source {
  private static final Logger LOG = LoggerFactory.getLogger(DurableArray.class);

  private final Home home;
  private final TransactionGroups groups;
  private ArrayRow row;
  private boolean rowIsDirty = true;

  /** Null until everything is loaded. */
  private NamedStates states;

  private VolumeRegistry registry;

  /**
   * Volumes that are removed and not cut yet. {@code removing} has those that are cut and not
   * durable yet.
   */
  private final List<OpenVolume> removed = new ArrayList<>();

  private final Deque<Removing> removing = new ArrayDeque<>();

  /** A volume that a group removes. */
  private record Removing(Group in, OpenVolume volume) {}

  /** Ids of volumes that are durably gone, but whose payload files are still there. */
  private final Deque<Integer> unlinking = new ArrayDeque<>();

  private List<OpenVolume> cut = List.of();

  /** By volume id. */
  private final Map<Integer, VolumeChanges> changesById = new ConcurrentHashMap<>();

  /**
   * @param seed of the array, if it is a new one
   * @param failed called when a group failed
   * @param budget is told how much memory waits to be made durable
   */
  DurableArray(Home home, long seed, Runnable failed, MetadataBudget budget) {
    this.home = home;
    home.metadata()
        .load(
            RecordKind.ARRAY,
            0,
            (kind, volume, owner, id, bytes) -> this.row = ArrayRow.read(bytes));
    if (row == null) {
      row = new ArrayRow(seed, 1, 0, true);
    }
    groups = new TransactionGroups(this, home.log(), 0, failed, budget::addWaiting);
  }

  public long seed() {
    return row.seed();
  }

  /** How often the array was opened, this time included. */
  public long starts() {
    return row.starts() + 1;
  }

  /** Returns what is stored of the volumes, by id. */
  public Map<Integer, VolumeRow> storedVolumes() {
    Map<Integer, VolumeRow> rows = new TreeMap<>();
    home.metadata()
        .load(
            RecordKind.VOLUME,
            0,
            (kind, volume, owner, id, bytes) -> rows.put((int) id, VolumeRow.read(bytes)));
    for (int id = 1; id < row.nextVolumeId(); id++) {
      if (!rows.containsKey(id)) {
        unlinking.add(id);
      }
    }
    return rows;
  }

  /** Opens the blocks of a volume. {@code totals} is null for a new volume. */
  public StoreLoading openStore(
      BlockPool pool, int volume, long limitBlocks, StoreTotals totals, VolumeChanges changes) {
    PayloadStore payload = totals == null ? home.payload(volume) : home.storedPayload(volume);
    return StoreLoading.begin(pool, limitBlocks, volume, payload, home.metadata(), totals, changes);
  }

  /** Makes the collector of the changes of a volume that is about to be made or loaded. */
  VolumeChanges newChanges(int volumeId) {
    VolumeChanges changes = new VolumeChanges(groups);
    changesById.put(volumeId, changes);
    return changes;
  }

  public void loadNames(VolumeContext state, VolumeRow stored) {
    new VolumeLoader(state, home.metadata()).load(stored, row.wasClosed());
  }

  /** Loads the named states, after all volumes are loaded. */
  public void restore(
      VolumeRegistry intoRegistry, NamedStates intoStates, List<OpenVolume> loaded) {
    registry = intoRegistry;
    states = intoStates;
    states.restored(loaded, home.metadata());
  }

  /**
   * Begins to commit, after everything is loaded. Until {@link #commitRest}, a restart means a
   * crash.
   */
  public void start(boolean withThread) {
    synchronized (this) {
      row = new ArrayRow(row.seed(), row.nextVolumeId(), row.starts() + 1, false);
      rowIsDirty = true;
    }
    groups.begin();
    if (withThread) {
      groups.start("facsim-committer");
    }
  }

  /**
   * Counts a start without one.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  void beginRun() {
    synchronized (this) {
      row = new ArrayRow(row.seed(), row.nextVolumeId(), row.starts() + 1, row.wasClosed());
      rowIsDirty = true;
    }
    groups.commit();
  }

  public synchronized int lastVolumeId() {
    return row.nextVolumeId() - 1;
  }

  /** Notes that an id is taken, and all ids before it. */
  public synchronized void tookVolumeId(int id) {
    row = new ArrayRow(row.seed(), id + 1, row.starts(), row.wasClosed());
    rowIsDirty = true;
  }

  /** The volume is deleted. The next group removes what is stored of it. */
  public synchronized void remove(OpenVolume volume) {
    removed.add(volume);
  }

  /**
   * Asks for admission, before anything is changed.
   *
   * @throws ArrayException see {@link TransactionGroups#admit}
   */
  public void admit() {
    groups.admit();
  }

  public boolean isDurable(long group) {
    return groups.isDurable(group);
  }

  public void whenDurable(long group, Executor executor, Consumer<Throwable> done) {
    groups.whenDurable(group, executor, done);
  }

  /**
   * Makes everything durable that was changed before this call.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  public void commit() {
    groups.commit();
  }

  // ---------------------------------------------------------------- a group

  @Override
  public Batch newBatch() {
    return home.newBatch();
  }

  @Override
  public void cut(Group group) {
    registry.alone(
        () -> {
          cutAlone(group);
          return null;
        });
  }

  /**
   * It forgets a change only when the change is in the batch, so that it may fail and be repeated.
   */
  private void cutAlone(Group group) {
    Batch into = group.batch();
    synchronized (this) {
      if (rowIsDirty) {
        into.put(RecordKind.ARRAY, 0, 0, 0, row.bytes());
        rowIsDirty = false;
      }
    }
    states.cut(into);
    List<OpenVolume> volumes = registry.allVolumes();
    for (OpenVolume volume : volumes) {
      changesById.get(volume.id()).cut(volume.context(), group);
    }
    for (OpenVolume volume : takeRemoved(into)) {
      removing.add(new Removing(group, volume));
      changesById.get(volume.id()).forget(volume.context());
    }
    cut = volumes;
  }

  @Override
  public void durable(long group) {
    for (OpenVolume volume : cut) {
      volume.context().blocks.changes().durable(group);
    }
    while (!removing.isEmpty() && removing.getFirst().in().number() <= group) {
      OpenVolume volume = removing.removeFirst().volume();
      volume.context().life.abandonBlocks();
      changesById.remove(volume.id());
      unlinking.add(volume.id());
    }
    unlink();
  }

  private synchronized List<OpenVolume> takeRemoved(Batch into) {
    removed.forEach(volume -> into.remove(RecordKind.VOLUME, 0, 0, volume.id()));
    List<OpenVolume> taken = List.copyOf(removed);
    removed.clear();
    return taken;
  }

  /**
   * If a file cannot be removed now, that does no harm: it is removed later, or by the next start.
   */
  private void unlink() {
    for (Iterator<Integer> ids = unlinking.iterator(); ids.hasNext(); ids.remove()) {
      try {
        home.removePayload(ids.next());
      } catch (ArrayException e) {
        LOG.debug("to be removed later: {}", e.getMessage());
        return;
      }
    }
  }

  /**
   * Commits what is left, and notes that the array was closed in order. Nothing is committed from
   * then on.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  public void commitRest() {
    synchronized (this) {
      row = new ArrayRow(row.seed(), row.nextVolumeId(), row.starts(), true);
      rowIsDirty = true;
    }
    groups.close();
  }

  /** Commits nothing any more. Whoever waits is told IO. */
  public void abandon() {
    groups.abandon();
  }

  /** Gives up the home, after {@link #commitRest} or {@link #abandon}. */
  void closeHome() {
    home.close();
  }
}
