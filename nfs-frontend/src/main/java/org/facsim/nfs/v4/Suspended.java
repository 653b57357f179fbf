/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import java.util.concurrent.CompletableFuture;

/** An operation must wait, and be performed again afterwards. Nothing has changed so far. */
final class Suspended extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient CompletableFuture<Void> until;

  Suspended(CompletableFuture<?> until) {
    super("an operation waits", null, false, false);
    this.until = until.handle((done, failure) -> null);
  }

  /** Completes normally, whatever becomes of what is waited for. */
  CompletableFuture<Void> until() {
    return until;
  }
}
