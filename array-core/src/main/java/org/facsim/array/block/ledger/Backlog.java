/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import java.util.List;

/** Kept maps that wait to be released, a few at a time. The volume's lock is always held. */
public interface Backlog {
  /** Whether something waits. */
  boolean isWaiting();

  /** The maps that wait. When the backlog is empty, nothing is left of them. */
  List<FileMap> waitingMaps();

  /** Releases a bounded number of maps. */
  void step();
}
