/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.facsim.array.block.BlockPool;
import org.facsim.array.block.StoreLoading;
import org.facsim.array.block.ledger.StoreTotals;
import org.facsim.array.block.memory.MetadataBudget;
import org.facsim.array.log.Batch;
import org.facsim.array.log.Home;
import org.facsim.array.log.PayloadFile;
import org.facsim.array.log.RecordKind;
import org.facsim.array.log.TransactionGroups;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stable side of a durable array: its row, its home, its transaction groups.
 *
 * <p>Order of locks: the committer's, then that of the states, then one volume's at a time. The
 * array's own row and the list of removed volumes have this object's monitor.
 */
final class DurableArray implements TransactionGroups.Source {
  private static final Logger LOG = LoggerFactory.getLogger(DurableArray.class);

  private final Home home;
  private final TransactionGroups groups;
  private ArrayRow row;
  private boolean rowIsDirty = true;

  /** Set when all is loaded. */
  private ArrayStates states;

  /** Removed and not yet cut; then cut and not yet durable. */
  private final List<Volume> removed = new ArrayList<>();

  private final List<Volume> removing = new ArrayList<>();

  /** Durably gone, and their payload files are still there. */
  private final Deque<Integer> unlinking = new ArrayDeque<>();

  private List<Volume> cut = List.of();

  /**
   * @param seed for an array that is not there yet
   * @param failed called when a group failed
   * @param budget told what waits to be made durable
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
    groups = new TransactionGroups(this, home.metadata(), 0, failed, budget::addWaiting);
  }

  long seed() {
    return row.seed();
  }

  /** How often the array was opened, this time included. */
  long starts() {
    return row.starts() + 1;
  }

  /** What is stored of the volumes, by id. */
  Map<Integer, VolumeRow> storedVolumes() {
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

  /** Opens the blocks of a volume; {@code totals} is null for a new one. */
  StoreLoading openStore(
      BlockPool pool, int volume, long limitBlocks, StoreTotals totals, VolumeJournal journal) {
    PayloadFile payload = totals == null ? home.payload(volume) : home.storedPayload(volume);
    return StoreLoading.begin(pool, limitBlocks, volume, payload, home.metadata(), totals, journal);
  }

  VolumeJournal newJournal() {
    return new VolumeJournal(groups);
  }

  void loadNames(VolumeState state, VolumeRow stored) {
    new VolumeLoader(state, home.metadata()).load(stored, row.wasClosed());
  }

  /** All volumes are loaded; now what is stored of named states. */
  void restore(ArrayStates intoStates, List<Volume> loaded) {
    states = intoStates;
    states.restored(loaded, home.metadata());
  }

  /** Everything is loaded. From now on, until {@link #close}, a restart means a crash. */
  void start(boolean withThread) {
    synchronized (this) {
      row = new ArrayRow(row.seed(), row.nextVolumeId(), row.starts() + 1, false);
      rowIsDirty = true;
    }
    groups.commit();
    if (withThread) {
      groups.start("facsim-committer");
    }
  }

  synchronized int lastVolumeId() {
    return row.nextVolumeId() - 1;
  }

  /** An id is taken, and with it all before it. */
  synchronized void tookVolumeId(int id) {
    row = new ArrayRow(row.seed(), id + 1, row.starts(), row.wasClosed());
    rowIsDirty = true;
  }

  /** The volume is detached; what is stored of it goes with the next group. */
  synchronized void remove(Volume volume) {
    removed.add(volume);
  }

  /**
   * To be asked before anything is changed.
   *
   * @throws ArrayException see {@link TransactionGroups#admit}
   */
  void admit() {
    groups.admit();
  }

  boolean isDurable(long group) {
    return groups.isDurable(group);
  }

  void whenDurable(long group, Executor executor, Consumer<Throwable> done) {
    groups.whenDurable(group, executor, done);
  }

  /**
   * Makes everything durable that was changed before this call.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  void commit() {
    groups.commit();
  }

  // ---------------------------------------------------------------- a group

  @Override
  public Batch newBatch() {
    return home.newBatch();
  }

  @Override
  public void cut(long group, Batch into) {
    states.alone(
        () -> {
          cutAlone(group, into);
          return null;
        });
  }

  /** What is in the batch is forgotten only afterwards, so that this may fail and be repeated. */
  private void cutAlone(long group, Batch into) {
    synchronized (this) {
      if (rowIsDirty) {
        into.put(RecordKind.ARRAY, 0, 0, 0, row.bytes());
        rowIsDirty = false;
      }
    }
    states.cut(into);
    List<Volume> volumes = states.allVolumes();
    for (Volume volume : volumes) {
      volume.cut(group, into);
    }
    synchronized (this) {
      for (Volume volume : removed) {
        into.remove(RecordKind.VOLUME, 0, 0, volume.id());
      }
      removing.addAll(removed);
      removed.clear();
    }
    removing.forEach(volume -> volume.state().forget());
    cut = volumes;
  }

  @Override
  public void force() {
    for (Volume volume : cut) {
      volume.journal().force();
    }
  }

  @Override
  public void durable(long group) {
    for (Volume volume : cut) {
      volume.journal().durable(group);
    }
    for (Volume volume : removing) {
      volume.abandonBlocks();
      unlinking.add(volume.id());
    }
    removing.clear();
    unlink();
  }

  /** A file that cannot be removed now is in nobody's way: later, or at the next start. */
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
   * Commits the rest and closes the home.
   *
   * @throws ArrayException NO_SPACE, IO; the home is closed all the same
   */
  void close() {
    synchronized (this) {
      row = new ArrayRow(row.seed(), row.nextVolumeId(), row.starts(), true);
      rowIsDirty = true;
    }
    try {
      groups.close();
    } finally {
      home.close();
    }
  }

  /** Closes the home as it is. */
  void abandon() {
    groups.abandon();
    home.close();
  }
}
