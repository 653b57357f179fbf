/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** What a {@link TappedCall} says is to become of a call that has arrived. */
public enum CallFate {
  SERVE,

  /** Lost, as in the network; the connection stays. */
  NO_ANSWER,

  /** Lost, and the connection is closed behind the answers to earlier calls; a datagram is lost. */
  CLOSE,

  /** Lost, and the connection is reset; a datagram is lost. */
  RESET,

  /** Served after {@link TappedCall#waitNanos}; later calls may overtake it. */
  DELAY,

  /** Served when {@link TappedCall#whenOpen} says so. */
  HOLD,

  /**
   * Served, and nothing more is read for {@link TappedCall#waitNanos}, or if that is 0 until {@link
   * TappedCall#whenOpen} says so. Datagrams are read on.
   */
  STOP_READING,

  /** Served, and answered, as fast as {@link TappedCall#limit} lets the bytes pass. */
  LIMIT
}
