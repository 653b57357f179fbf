/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.Objects;

/**
 * A link has decided that a call is not performed and that the door does not answer it: RPC refuses
 * it, or it gets no answer. Doors let this pass to the transport, which has the verdict.
 */
public final class CallOverruled extends LinkDecision {
  private static final long serialVersionUID = 1L;

  private final transient OperationVerdict verdict;

  CallOverruled(OperationVerdict verdict) {
    super("overruled by a link of the call chain: " + verdict);
    this.verdict = Objects.requireNonNull(verdict);
  }

  /** Of the kind NO_ANSWER, CLOSE or RESET; or STATUS, whose status is RPC's. */
  public OperationVerdict verdict() {
    return verdict;
  }
}
