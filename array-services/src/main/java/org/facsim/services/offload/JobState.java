/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** How far a clone job has come. */
public enum JobState {
  /** No job was made, because this was a dry run; it found no fault. */
  NONE,
  /** The job waits for its turn. */
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  ABORTED,
  /** The array restarted or was restored, and did not resume the job. */
  LOST;

  /** Whether the job stays in this state for good. */
  public boolean isFinal() {
    return switch (this) {
      case NONE, QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, ABORTED, LOST -> true;
    };
  }
}
