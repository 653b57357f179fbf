/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** Where a clone job stands. */
public enum JobState {
  /** No job was made: a dry run that found no fault. */
  NONE,
  /** Waits for its turn. */
  QUEUED,
  RUNNING,
  SUCCEEDED,
  FAILED,
  ABORTED,
  /** The array restarted or was restored and did not resume it. */
  LOST;

  /** Whether the job stays in this state for good. */
  public boolean isFinal() {
    return switch (this) {
      case NONE, QUEUED, RUNNING -> false;
      case SUCCEEDED, FAILED, ABORTED, LOST -> true;
    };
  }
}
