/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import org.facsim.array.block.ledger.Backlog;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.Ledger;
import org.facsim.array.block.ledger.LiveBlocks;
import org.facsim.array.block.ledger.Reservations;

/**
 * Hidden maps: contents that no file has now, kept so that a file can have them again. A kept map
 * holds the blocks that a file had; a file that is away is hidden with its own map. Hidden maps
 * hold blocks like all others, so that what they keep is charged to who allocated it. But they
 * count in no figure of a file: neither as referenced nor as promised; what is charged to a hidden
 * map counts as charged to a file that is gone.
 *
 * <p>Nothing is ever written to a hidden map. Its promises are only remembered: they take no space
 * until the map is seen again.
 *
 * <p>Guarded by the volume's lock.
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

  /** What lets go of kept maps in the background; before anything is kept. */
  public void setBacklog(Backlog backlog) {
    ledger.detached.setBacklog(backlog);
  }

  /** There is something in the backlog now. */
  public void wakeReclaimer() {
    pool.wakeReclaimer();
  }

  /**
   * A hidden map with all that a file has, for the time when it shall have it again; counts in no
   * figure of a file. To be released like any map. O(1), but for the ranges promised to the file.
   * Lock held.
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
   * Empties a map, hidden or not. O(1). Lock held.
   *
   * @return a hidden map with all that it had, to be released like any map
   */
  public FileMap empty(FileMap map) {
    FileMap taken = ledger.files.create();
    taken.hidden = true;
    exchange(map, taken);
    return taken;
  }

  /**
   * Exchanges the contents and promises of a map, hidden or not, with kept ones. O(1). Lock held.
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

  /** What {@link #keep} will take of the heap. Lock held. */
  public long heapBytesToKeep(FileMap file) {
    return file.heapBytes();
  }

  private void move(long root, FileMap from, FileMap to) {
    if (FileMap.pointer(root) != 0) {
      ledger.moveEdge(FileMap.height(root), FileMap.pointer(root), from.name(), to.name());
    }
  }

  /**
   * Whether a file has the contents and promises that were kept, as far as one look can tell. Lock
   * held.
   */
  public boolean isUnchanged(FileMap map, FileMap kept) {
    gate.checkLocked();
    return map.root() == kept.root()
        && (map.reservations() == null
            ? kept.reservedBlocks() == 0
            : map.reservations().isSameAs(kept.reservations()));
  }

  /** Hides the map of a file that is away, with its promises; there may be none. Lock held. */
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
   * Shows the map of a file that is there again; its promises are taken even beyond the capacity.
   * There may be none. Lock held.
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

  /** Before a hidden map is released as all others are. */
  void showForRelease(FileMap map) {
    map.forgetReservations();
    reveal(map);
  }
}
