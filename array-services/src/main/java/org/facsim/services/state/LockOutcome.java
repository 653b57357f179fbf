/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/** What became of the wish for a lock. */
public sealed interface LockOutcome {
  /** It is held. */
  record Granted() implements LockOutcome {}

  /**
   * Somebody stands against it.
   *
   * @param holder one of them
   */
  record Denied(HeldLock holder) implements LockOutcome {}

  /** Somebody stands against it; the waiter is told when it is held. */
  record Waiting() implements LockOutcome {}

  /** To wait would be to wait for oneself. */
  record Deadlock() implements LockOutcome {}

  /** The table is full, or the client's share of it is. */
  record Full() implements LockOutcome {}
}
