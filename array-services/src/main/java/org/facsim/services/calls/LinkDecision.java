/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.Optional;
import java.util.concurrent.CompletionException;

/** A link of the call chain has decided that a call is not performed. Nothing has changed. */
public abstract sealed class LinkDecision extends RuntimeException
    permits StatusRefusal, CallOverruled {
  private static final long serialVersionUID = 1L;

  LinkDecision(String message) {
    super(message, null, false, false);
  }

  /** What was thrown, or what a future failed with, if it is such a decision. */
  public static Optional<LinkDecision> in(Throwable thrown) {
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    return cause instanceof LinkDecision decision ? Optional.of(decision) : Optional.empty();
  }
}
