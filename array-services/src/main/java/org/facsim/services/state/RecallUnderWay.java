/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.concurrent.CompletableFuture;

/**
 * A call cannot go on yet, because a conflicting delegation is being recalled, or because the
 * client that calls has been offered one. Nothing has changed that the call made again would not
 * find. The call must be made again when {@link #ended} completes.
 */
public final class RecallUnderWay extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient CompletableFuture<Void> ended;

  /**
   * @param ended completes when the call may be made again
   */
  public RecallUnderWay(CompletableFuture<Void> ended) {
    super("a delegation is being recalled", null, false, false);
    this.ended = ended;
  }

  /** The future that {@link Delegations#recall} returned. */
  public CompletableFuture<Void> ended() {
    return ended;
  }
}
