/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * A clone that was not refused.
 *
 * @param jobId 0 for a dry run
 * @param answer the job when the host is to be answered. If blocks are shared, this is when its end
 *     is durable; if it copies or waits for its turn, this is at its start. If the job has an error
 *     by then, the clone has failed
 * @param end the job at its end
 */
public record StartedClone(
    long jobId, CompletableFuture<JobSnapshot> answer, CompletableFuture<JobSnapshot> end) {
  public StartedClone {
    Objects.requireNonNull(answer);
    Objects.requireNonNull(end);
  }
}
