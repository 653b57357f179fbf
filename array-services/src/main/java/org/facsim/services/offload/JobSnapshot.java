/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Objects;
import java.util.Optional;
import org.facsim.array.FileHandle;

/**
 * A clone job at one moment.
 *
 * @param jobId unique in the array's lives; 0 for a dry run
 * @param state where it stands
 * @param error why it ended badly; empty as long as it has not
 * @param reason why the state is what it is, at most {@link OffloadFailure#MAX_REASON_BYTES} bytes
 * @param totalBytes the source's size, once known
 * @param doneBytes never shrinks; totalBytes on success
 * @param sharedBytes of the done bytes: mapped and shared, took no space
 * @param copiedBytes of the done bytes: copied or zeroed inside the array
 * @param destination where the clone goes; empty for a dry run, and until that file is there
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

  /** The same job, lost. */
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

  /** A job of which nothing is known but that it is lost. */
  static JobSnapshot lost(long jobId, String words) {
    return new JobSnapshot(jobId, JobState.NONE, Optional.empty(), "", 0, 0, 0, 0, Optional.empty())
        .lost(words);
  }
}
