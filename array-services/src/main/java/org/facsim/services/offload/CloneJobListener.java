/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Instant;
import java.util.Optional;

/**
 * Is told every change of a clone job's state.
 *
 * <p>It is not a link of the call chain ({@link org.facsim.services.calls.Calls}), because a job
 * goes on after its call is answered, and changes without any call.
 */
@FunctionalInterface
public interface CloneJobListener {
  /** Ignores every change. */
  CloneJobListener NONE = change -> {};

  /** Called in the order of a job's changes, on the thread that made them. It must not block. */
  void changed(Change change);

  /**
   * One change.
   *
   * @param at by the array's clock
   * @param volume name of the destination's volume
   * @param client address of the host that asked
   * @param jobId unique in the array's run
   * @param from the state that the job left
   * @param to the state that the job entered
   * @param error empty unless the job ended badly
   * @param reason why, in words
   * @param totalBytes the source's size, once it is known
   */
  record Change(
      Instant at,
      String volume,
      String client,
      long jobId,
      JobState from,
      JobState to,
      Optional<OffloadError> error,
      String reason,
      long totalBytes) {}
}
