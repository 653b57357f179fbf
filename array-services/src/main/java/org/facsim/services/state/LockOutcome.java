/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/** The result of a request for a lock. */
public sealed interface LockOutcome {
  /** The lock is held. */
  record Granted() implements LockOutcome {}

  /**
   * Another owner holds a conflicting lock.
   *
   * @param holder one of the conflicting locks
   */
  record Denied(HeldLock holder) implements LockOutcome {}

  /** Another owner holds a conflicting lock; the waiter is told when its lock is held. */
  record Waiting() implements LockOutcome {}

  /** Waiting would close a circle of waiting owners. */
  record Deadlock() implements LockOutcome {}

  /** The table is full, or the client's share of it is. */
  record Full() implements LockOutcome {}
}
