/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * For how long nothing has moved on a connection, counted in looks at it, a few per time limit:
 * exact enough, and a call costs no look at the clock.
 *
 * <p>Not to be waited for are, from the most patient on:
 *
 * <ul>
 *   <li>a peer that has nothing to say, for the idle timeout;
 *   <li>a peer that stops in the middle of a call, or does not take its replies, for the peer
 *       timeout;
 *   <li>one that does not take its replies while the bound of all connections is reached, and so
 *       holds up everybody, for two looks.
 * </ul>
 *
 * <p>While the answer is the server's to give, nothing is held against the peer. Whether its
 * machine is still there, TCP finds out: see {@link DeadPeers}.
 */
final class Quiet {
  /** The reason that is worth no line in the log. */
  static final String IDLE = "idle";

  private static final long MAX_PERIOD_NANOS = 5_000_000_000L;
  private static final int LOOKS_PER_TIMEOUT = 4;
  private static final int PATIENCE_IN_NEED = 2;

  private final long idleNanos;
  private final long peerNanos;
  private final long periodNanos;
  private boolean moved;
  private int quietLooks;

  Quiet(RpcServerOptions options) {
    idleNanos = options.idleTimeout().toNanos();
    peerNanos = options.peerTimeout().toNanos();
    long shortest = Math.min(unlimitedIfZero(idleNanos), unlimitedIfZero(peerNanos));
    periodNanos =
        shortest == Long.MAX_VALUE ? 0 : Math.min(MAX_PERIOD_NANOS, shortest / LOOKS_PER_TIMEOUT);
  }

  private static long unlimitedIfZero(long nanos) {
    return nanos == 0 ? Long.MAX_VALUE : nanos;
  }

  /** How long to wait for the next look; 0 if nobody needs one. */
  long periodNanos() {
    return periodNanos;
  }

  /** A byte came or left. */
  void moved() {
    moved = true;
  }

  /**
   * One look.
   *
   * @param ours whether the server is to move
   * @param unread whether the peer leaves replies unread
   * @param unfinished whether a call has arrived in part
   * @param room whether all connections together are below their bound
   * @return why the connection is to be closed, or null
   */
  String reasonToClose(boolean ours, boolean unread, boolean unfinished, boolean room) {
    if (moved || ours) {
      moved = false;
      quietLooks = 0;
      return null;
    }
    quietLooks++;
    long quietNanos = quietLooks * periodNanos;
    if (unread && !room && quietLooks >= PATIENCE_IN_NEED) {
      return "it does not take its replies, and others wait for the memory";
    }
    if (peerNanos > 0 && quietNanos >= peerNanos) {
      if (unread) {
        return "it does not take its replies";
      }
      if (unfinished) {
        return "it stopped in the middle of a call";
      }
    }
    return idleNanos > 0 && quietNanos >= idleNanos ? IDLE : null;
  }
}
