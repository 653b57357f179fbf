/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/**
 * Measures how long nothing has moved on a connection. It counts looks at the connection, a few per
 * time limit: that is exact enough, and a call need not read the clock.
 *
 * <p>A connection is to be closed:
 *
 * <ul>
 *   <li>if the peer has nothing to say for the idle timeout;
 *   <li>if the peer stops in the middle of a call, or does not take its replies, for the peer
 *       timeout;
 *   <li>if the peer does not take its replies for two looks while the bound of all connections is
 *       reached, because it then holds up all others.
 * </ul>
 *
 * <p>While the server owes an answer, the time does not count. TCP finds out whether the peer's
 * machine is still there: see {@link DeadPeers}.
 */
final class Quiet {
  /** The reason that is not logged. */
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

  /** How long to wait before the next look; 0 if none is needed. */
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
   * @param ours whether the server must act next
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
