/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/** What a lock lets other owners do. */
public enum LockMode {
  /** Other owners may hold shared locks, too: a read lock. */
  SHARED,
  /** Other owners may hold no lock: a write lock. */
  EXCLUSIVE;

  /** Whether two owners cannot hold these at once. */
  boolean conflictsWith(LockMode other) {
    return this == EXCLUSIVE || other == EXCLUSIVE;
  }
}
