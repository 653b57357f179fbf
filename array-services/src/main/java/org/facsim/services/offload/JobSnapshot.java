/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Objects;
import java.util.Optional;
import org.facsim.array.FileHandle;

/**
 * A clone job at one moment.
 *
 * @param jobId unique among all runs of the array; 0 for a dry run
 * @param state how far the job has come
 * @param error why it failed; empty as long as it has not
 * @param reason why the state is what it is, at most {@link OffloadFailure#MAX_REASON_BYTES} bytes
 * @param totalBytes the source's size, once it is known
 * @param doneBytes how much is done; never shrinks, and is totalBytes on success
 * @param sharedBytes how many of the done bytes are mapped and shared, and took no space
 * @param copiedBytes how many of the done bytes were copied or zeroed inside the array
 * @param destination the file that becomes the clone; empty for a dry run, and until that file
 *     exists
 */
public record JobSnapshot(
    long jobId,
    JobState state,
    Optional<OffloadError> error,
    String reason,
    long totalBytes,
    long doneBytes,
    long sharedBytes,
    long copiedBytes,
    Optional<FileHandle> destination) {
  public JobSnapshot {
    Objects.requireNonNull(state);
    Objects.requireNonNull(error);
    Objects.requireNonNull(destination);
    reason = OffloadFailure.bounded(reason);
  }

  /** Returns the same job as a lost one. */
  JobSnapshot lost(String words) {
    return new JobSnapshot(
        jobId,
        JobState.LOST,
        Optional.of(OffloadError.LOST),
        words,
        totalBytes,
        doneBytes,
        sharedBytes,
        copiedBytes,
        destination);
  }

  /** Returns a lost job of which nothing else is known. */
  static JobSnapshot lost(long jobId, String words) {
    return new JobSnapshot(jobId, JobState.NONE, Optional.empty(), "", 0, 0, 0, 0, Optional.empty())
        .lost(words);
  }
}
