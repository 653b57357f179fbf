/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.ledger;

import java.util.List;

/** Kept maps that wait to be released, a few at a time, always under the volume's lock. */
public interface Backlog {
  /** Whether there is something. */
  boolean isWaiting();

  /** The maps that wait: those of which nothing is left when the backlog is empty. */
  List<FileMap> waitingMaps();

  /** Releases some: bounded. */
  void step();
}
