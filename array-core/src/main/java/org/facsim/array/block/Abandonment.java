/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.FileTable;

/**
 * The end of a deleted volume's store: nothing new may begin, its files are let go a few per lock
 * hold, and reclaim takes their trees apart as it does all others. Guarded by the volume's lock.
 */
final class Abandonment {
  /** Files let go in one lock hold. */
  private static final int BATCH_FILES = 64;

  private final FileTable files;
  private int cursor = 1;

  Abandonment(FileTable files) {
    this.files = files;
  }

  /** Receives the files one by one. */
  interface Drop {
    void drop(FileMap map);
  }

  /** Lets some files go. Returns whether there was one. */
  boolean step(Drop drop) {
    int dropped = 0;
    for (; cursor < files.end() && dropped < BATCH_FILES; cursor++) {
      FileMap map = files.get(cursor);
      if (map != null && !map.isReleased()) {
        drop.drop(map);
        dropped++;
      }
    }
    return dropped > 0;
  }
}
