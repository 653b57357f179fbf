/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

/** What only few block maps have: reservations, and answers that took a walk. */
public final class MapExtra {
  /** How many bytes of the heap it takes, with reservations that have no range. */
  public static final int HEAP_BYTES = 56 + 32 + 48;

  final FileTable table;

  /** The reservations, or null for none. */
  Reservations reservations;

  /** The answer of a trial deletion, and the version of the volume for which it is right. */
  public long exclusiveAnswer;

  public long exclusiveVersion = -1;

  /** The same for the live blocks of a displaced file. */
  long liveAnswer;

  long liveVersion = -1;

  MapExtra(FileTable table) {
    this.table = table;
  }
}
