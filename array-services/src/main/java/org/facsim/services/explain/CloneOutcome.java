/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.Locale;

/** What became of a file that was to be a clone. */
public enum CloneOutcome {
  /** The job waits or runs. */
  UNDER_WAY,
  /** Offloaded: the array shares blocks. */
  SHARED,
  /** Offloaded: the array copied the blocks itself, and no data crossed the network. */
  COPIED_INSIDE,
  /** A dry run that found no fault. */
  DRY_RUN,
  /** No job was made, or a dry run found a fault. */
  REFUSED,
  /** A fault kept the call from the array, which never executed it. */
  NOT_EXECUTED,
  /** The job failed; the destination is as it was. */
  FAILED,
  /** The job was aborted; the destination is as it was. */
  ABORTED,
  /** The array restarted or was restored before the job's end, or undid it. */
  LOST,
  /** No clone is known; hosts wrote the file over NFS. */
  WRITTEN,
  /** Nothing is known of how the file got its contents. */
  UNKNOWN;

  /** The name for JSON and metrics: {@code copied-inside}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether the array did the host's work. */
  public boolean isOffloaded() {
    return this == SHARED || this == COPIED_INSIDE;
  }

  /** Whether it stays so; a dry run does, too. */
  public boolean isFinal() {
    return this != UNDER_WAY;
  }
}
