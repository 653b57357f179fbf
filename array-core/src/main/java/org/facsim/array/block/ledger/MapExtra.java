/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

/** What few block maps have: promises, and answers that took a walk. */
public final class MapExtra {
  /** What it takes of the heap, with promises that have no range. */
  public static final int HEAP_BYTES = 56 + 32 + 48;

  final FileTable table;

  /** What was promised, or null for nothing. */
  Reservations reservations;

  /** The answer of a trial deletion and the version of the volume that it holds for. */
  public long exclusiveAnswer;

  public long exclusiveVersion = -1;

  /** The same for the live blocks of a displaced file. */
  long liveAnswer;

  long liveVersion = -1;

  MapExtra(FileTable table) {
    this.table = table;
  }
}
