/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

/** What is to become of a call that has arrived, or of an answer that is about to leave. */
public enum Fate {
  /** The call is served, the answer is sent. */
  PASS,

  /** The call is not served, the answer not sent; the connection stays open. */
  NO_ANSWER,

  /**
   * As {@link #NO_ANSWER}, and the connection is closed; answers to earlier calls may be lost with
   * it. A datagram has no connection: there the two are the same.
   */
  HANG_UP
}
