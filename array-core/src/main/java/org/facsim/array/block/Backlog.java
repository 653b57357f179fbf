/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

/** Kept maps that wait to be released, a few at a time, always under the volume's lock. */
public interface Backlog {
  /** Whether there is something. */
  boolean isWaiting();

  /** Releases some: bounded. */
  void step();
}
