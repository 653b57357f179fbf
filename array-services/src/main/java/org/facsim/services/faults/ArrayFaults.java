/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.time.Duration;

/**
 * What a fault can do to the array as a whole. The rules ask for it from a thread of a door, in the
 * middle of a call: no method waits, and what it asks for happens on another thread.
 *
 * <p>Deeds do not pile up. While the array is away, or on its way there, another takeover or power
 * failure is refused, so that a rule that matches a thousand calls makes one takeover of them. The
 * array comes back by itself. Thread-safe.
 */
public interface ArrayFaults {
  /** How long the array may be away. */
  Duration MAX_AWAY = Duration.ofHours(1);

  /** The furthest commit group that a power failure may wait for. */
  long MAX_GROUP = 1_000_000_000L;

  /**
   * A power failure.
   *
   * @param atGroup 0 for now; n from 1 to {@link #MAX_GROUP} for the nth commit group from now on,
   *     while it becomes durable. All groups before it are durable. By the moment, which is chosen
   *     at random, the group itself is lost, is lost or durable by chance, or is durable; in no
   *     case does a client hear of it
   * @param isRepeated whether it happens again, each time that the array has come back and the nth
   *     group from then on is being written, until {@link ArrayFaults#cancelPowerFailures}; not
   *     with {@code atGroup} 0, nor with 1, because then nothing would ever become durable
   * @param away how long the array stays without power: from zero, which restarts it at once, to
   *     {@link #MAX_AWAY}
   */
  record PowerFailure(long atGroup, boolean isRepeated, Duration away) {
    public PowerFailure {
      if (atGroup < 0 || atGroup > MAX_GROUP) {
        throw new IllegalArgumentException("a commit group from 0 (now) to " + MAX_GROUP);
      }
      if (isRepeated && atGroup < 2) {
        throw new IllegalArgumentException(
            "a power failure at every group must let at least one of them become durable");
      }
      requireAway(away);
    }

    public static PowerFailure now(Duration away) {
      return new PowerFailure(0, false, away);
    }

    /** At the nth group from now on. */
    public static PowerFailure atGroup(long n, Duration away) {
      return new PowerFailure(n, false, away);
    }
  }

  /** Throws {@link IllegalArgumentException} if an array cannot be away for so long. */
  static void requireAway(Duration away) {
    if (away.isNegative() || away.compareTo(MAX_AWAY) > 0) {
      throw new IllegalArgumentException(
          "the array is away from 0 s to " + MAX_AWAY.toHours() + " h");
    }
  }

  /**
   * A controller takeover: all doors of the protocol go away, their connections with them, and come
   * back with the same files, handles and contents, another write verifier and a grace period.
   * Locks, sessions and clone jobs under way are lost. The HTTP door stays.
   *
   * @param away from zero to {@link #MAX_AWAY}
   * @return whether it is on its way; false if the array is away already or closing
   */
  boolean takeover(Duration away);

  /** Whether the array has a data directory: without one, there is nothing to come back to. */
  boolean canLosePower();

  /**
   * What is not durable is lost, the doors go away, and the array restarts from its data directory.
   * The HTTP door stays. A failure that waits for its group replaces one that waits already.
   *
   * @return whether it is on its way; false if the array is away already or closing
   * @throws IllegalStateException unless {@link #canLosePower}
   */
  boolean powerFailure(PowerFailure failure);

  /**
   * Power failures may come, for example because a rule asks for one. While they may, the array
   * keeps what was on the disk before each write, so that a failure can lose what was not forced. A
   * power failure that nobody expected loses what is only in memory, and nothing that was written.
   * Does nothing for an array without a data directory.
   */
  default void expectPowerFailures(boolean expected) {}

  /** Forgets the power failure that waits for its commit group, if there is one. */
  void cancelPowerFailures();

  /** Whether the array is away, or on its way there. */
  boolean isAway();

  /**
   * Appends what is to run each time that the array has come back, on a thread of the array that
   * must not be held up. It stays as long as the array.
   */
  void whenBack(Runnable task);
}
