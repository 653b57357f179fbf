/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.facsim.array.Inode;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Intent;
import org.facsim.services.state.LockClient;

/** Has delegations recalled before a clone reads its source and changes its destination. */
final class RecallsFirst {
  private final Delegations delegations;
  private final JobScheduler scheduler;

  RecallsFirst(Delegations delegations, JobScheduler scheduler) {
    this.delegations = delegations;
    this.scheduler = scheduler;
  }

  /**
   * Does the work when no other client holds a delegation that conflicts with it: at once, or as a
   * step of the scheduler.
   *
   * @param destinationOrNull null if the work makes it
   * @param askingOrNull the client whose own delegations do not conflict; null for none
   */
  void first(Inode source, Inode destinationOrNull, LockClient askingOrNull, Runnable work) {
    CompletableFuture<Void> ofSource = delegations.recall(source, Intent.LOOK, askingOrNull);
    CompletableFuture<Void> ofDestination =
        destinationOrNull == null
            ? null
            : delegations.recall(destinationOrNull, Intent.CHANGE, askingOrNull);
    if (ofSource == null && ofDestination == null) {
      work.run();
      return;
    }
    var unused =
        CompletableFuture.allOf(
                Stream.of(ofSource, ofDestination)
                    .filter(Objects::nonNull)
                    .toArray(CompletableFuture[]::new))
            .thenRun(
                () ->
                    scheduler.schedule(
                        () -> first(source, destinationOrNull, askingOrNull, work), Duration.ZERO));
  }
}
