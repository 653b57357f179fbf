/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import org.facsim.array.block.ledger.Backlog;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.LiveBlocks;
import org.facsim.array.block.ledger.Reservations;

/**
 * Hidden maps: contents that no file has now, kept so that a file can have them again. A kept map
 * holds the blocks that a file had. A file that is away is hidden with its own map. Hidden maps
 * hold blocks like all other maps, so what they keep stays charged to the file that allocated it.
 * But no figure of a file counts them, neither as referenced nor as reserved. What is charged to a
 * hidden map counts as charged to a file that is gone.
 *
 * <p>Nobody ever writes to a hidden map. Its reservations are only remembered. They take no space
 * until the map is shown again.
 *
 * <p>Not thread-safe: callers hold the volume's lock.
 */
public final class HiddenMaps {
  private final BlockPool pool;
  private final StoreGate gate;
  private final Ledger ledger;
  private final LiveBlocks live;

  HiddenMaps(BlockPool pool, StoreGate gate, Ledger ledger, LiveBlocks live) {
    this.pool = pool;
    this.gate = gate;
    this.ledger = ledger;
    this.live = live;
  }

  /** Sets what releases kept maps in the background. It is called before anything is kept. */
  public void setBacklog(Backlog backlog) {
    ledger.detached.setBacklog(backlog);
  }

  /** Wakes the reclaimer, because there is something in the backlog now. */
  public void wakeReclaimer() {
    pool.wakeReclaimer();
  }

  /**
   * Makes a hidden map with everything that a file has, so that the file can have it again. No
   * figure of a file counts it. It is released like any map. It takes O(1), except for the file's
   * reserved ranges. Lock held.
   */
  public FileMap keep(FileMap file) {
    gate.start(file);
    FileMap kept = ledger.files.create();
    kept.hidden = true;
    long root = file.root();
    kept.setRoot(FileMap.pointer(root), FileMap.height(root));
    if (FileMap.pointer(root) != 0) {
      ledger.addEdge(FileMap.height(root), FileMap.pointer(root), kept.name());
    }
    kept.mapped = file.mapped;
    kept.displaced = file.displaced;
    kept.setReservations(file.reservations() == null ? null : file.reservations().copy());
    gate.finish();
    return kept;
  }

  /**
   * Empties a map, hidden or not. It takes O(1). Lock held.
   *
   * @return a hidden map with everything that it had, which is released like any map
   */
  public FileMap empty(FileMap map) {
    FileMap taken = ledger.files.create();
    taken.hidden = true;
    exchange(map, taken);
    return taken;
  }

  /**
   * Exchanges the contents and reservations of a map, hidden or not, with kept ones. It takes O(1).
   * Lock held.
   */
  public void exchange(FileMap map, FileMap kept) {
    gate.start(map);
    gate.start(kept);
    long mine = map.root();
    long other = kept.root();
    map.setRoot(FileMap.pointer(other), FileMap.height(other));
    kept.setRoot(FileMap.pointer(mine), FileMap.height(mine));
    if (mine != other) {
      move(mine, map, kept);
      move(other, kept, map);
    }
    if (!map.hidden) {
      ledger.see(kept.mapped - map.mapped, kept.reservedBlocks() - map.reservedBlocks());
    }
    long mapped = map.mapped;
    boolean displaced = map.displaced;
    Reservations reservations = map.reservations();
    map.mapped = kept.mapped;
    map.displaced = kept.displaced;
    map.setReservations(kept.reservations());
    kept.mapped = mapped;
    kept.displaced = displaced;
    kept.setReservations(reservations);
    live.replaced(map);
    gate.finish();
  }

  /** How many bytes of the heap {@link #keep} will take. Lock held. */
  public long heapBytesToKeep(FileMap file) {
    return file.heapBytes();
  }

  private void move(long root, FileMap from, FileMap to) {
    if (FileMap.pointer(root) != 0) {
      ledger.moveEdge(FileMap.height(root), FileMap.pointer(root), from.name(), to.name());
    }
  }

  /**
   * Whether a file has the contents and reservations that were kept, as far as one look can tell.
   * Lock held.
   */
  public boolean isUnchanged(FileMap map, FileMap kept) {
    gate.checkLocked();
    return map.root() == kept.root()
        && (map.reservations() == null
            ? kept.reservedBlocks() == 0
            : map.reservations().isSameAs(kept.reservations()));
  }

  /** Hides the map of a file that is away, with its reservations, if it has a map. Lock held. */
  public void hide(FileMap map) {
    gate.start(map);
    if (map.isNone()) {
      return;
    }
    ledger.see(-map.mapped, -map.reservedBlocks());
    ledger.retain(map.charged);
    map.hidden = true;
    map.touch();
    gate.finish();
  }

  /**
   * Shows the map of a file that is there again. Its reservations are made again, even beyond the
   * capacity. Does nothing if the file has no map. Lock held.
   */
  public void show(FileMap map) {
    gate.start(map);
    if (!map.isNone()) {
      reveal(map);
      gate.finish();
    }
  }

  private void reveal(FileMap map) {
    map.hidden = false;
    map.touch();
    ledger.see(map.mapped, map.reservedBlocks());
    ledger.retain(-map.charged);
    live.replaced(map);
  }

  /** Shows a hidden map before it is released like all others. */
  void showForRelease(FileMap map) {
    map.forgetReservations();
    reveal(map);
  }
}
