/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.concurrent.CompletableFuture;

/**
 * A call cannot go on yet: a delegation that stands against it is being recalled. Nothing has
 * changed; the call is to be made again when {@link #ended} is done.
 */
public final class RecallUnderWay extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient CompletableFuture<Void> ended;

  RecallUnderWay(CompletableFuture<Void> ended) {
    super("a delegation is being recalled", null, false, false);
    this.ended = ended;
  }

  /** As {@link Delegations#recall} returned it. */
  public CompletableFuture<Void> ended() {
    return ended;
  }
}
