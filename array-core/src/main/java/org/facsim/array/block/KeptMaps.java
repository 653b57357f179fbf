/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

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
final class KeptMaps {
  private final Ledger ledger;
  private final LiveBlocks live;

  KeptMaps(Ledger ledger, LiveBlocks live) {
    this.ledger = ledger;
    this.live = live;
  }

  /** A hidden map with the contents of a file, in O(1) but for the ranges promised to it. */
  FileMap keep(FileMap file) {
    FileMap kept = ledger.files.create();
    kept.hidden = true;
    long root = file.root();
    kept.setRoot(FileMap.pointer(root), FileMap.height(root));
    if (FileMap.pointer(root) != 0) {
      ledger.addEdge(FileMap.height(root), FileMap.pointer(root), kept.name());
    }
    kept.mapped = file.mapped;
    kept.displaced = file.displaced;
    kept.reservations = file.reservations == null ? null : file.reservations.copy();
    return kept;
  }

  /** Exchanges what a map, hidden or not, and a kept one hold. */
  void exchange(FileMap map, FileMap kept) {
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
    Reservations reservations = map.reservations;
    map.mapped = kept.mapped;
    map.displaced = kept.displaced;
    map.reservations = kept.reservations;
    kept.mapped = mapped;
    kept.displaced = displaced;
    kept.reservations = reservations;
    live.replaced(map);
  }

  private void move(long root, FileMap from, FileMap to) {
    if (FileMap.pointer(root) != 0) {
      ledger.moveEdge(FileMap.height(root), FileMap.pointer(root), from.name(), to.name());
    }
  }

  /** Whether two maps have the same contents and promises, as far as one look can tell. */
  static boolean areSame(FileMap map, FileMap kept) {
    return map.root() == kept.root()
        && (map.reservations == null
            ? kept.reservedBlocks() == 0
            : map.reservations.isSameAs(kept.reservations));
  }

  /** A file is away. */
  void hide(FileMap map) {
    ledger.see(-map.mapped, -map.reservedBlocks());
    ledger.retain(map.charged);
    map.hidden = true;
    map.touch();
  }

  /** A file is there again; its promises are taken even beyond the capacity. */
  void show(FileMap map) {
    map.hidden = false;
    map.touch();
    ledger.see(map.mapped, map.reservedBlocks());
    ledger.retain(-map.charged);
    live.replaced(map);
  }

  /** Before a hidden map is released as all others are. */
  void showForRelease(FileMap map) {
    map.reservations = null;
    show(map);
  }
}
