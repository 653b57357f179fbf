/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** What a {@link TappedCall} says is to become of a call, or of its answer. */
public enum CallFate {
  PASS,

  /** Lost, as in the network; the connection stays. */
  NO_ANSWER,

  /** Lost, and the connection is closed, if there is one. */
  HANG_UP
}
