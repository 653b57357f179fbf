/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.ledger.FileTable;

/**
 * The end of a deleted volume's store: nothing new may begin, a few files are released in each hold
 * of the lock, and reclaim takes their trees apart like all others. The volume's lock guards it.
 */
final class Abandonment {
  /** How many files are released in one hold of the lock. */
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

  /** Releases some files. Returns whether there was one. */
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
