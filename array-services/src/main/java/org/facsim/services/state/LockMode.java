/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/** What a lock lets other owners do. */
public enum LockMode {
  /** Others may hold shared locks too: a read lock. */
  SHARED,
  /** Others may hold none: a write lock. */
  EXCLUSIVE;

  /** Whether two owners cannot hold these at once. */
  boolean conflictsWith(LockMode other) {
    return this == EXCLUSIVE || other == EXCLUSIVE;
  }
}
