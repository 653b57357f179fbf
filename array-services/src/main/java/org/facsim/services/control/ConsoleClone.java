/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.Instant;
import org.facsim.services.offload.JobState;

/**
 * A clone that an administrator had the array make, as it is at one moment.
 *
 * @param id unique in this run of the array
 * @param sourceVolume where it comes from
 * @param sourcePath the file or directory below that volume
 * @param volume where it goes
 * @param path what it becomes below that volume
 * @param profile the name of the profile by which it is made
 * @param isCopied whether the array copies blocks; otherwise the clone shares them
 * @param state how far it has come
 * @param reason why the state is what it is, in words; empty if there is nothing to say
 * @param files how many regular files there are; 0 until that is known
 * @param totalBytes the sizes of all of them
 * @param doneBytes how much is done; never shrinks, and is {@code totalBytes} on success
 * @param startedAt when it was asked for
 * @param endedAt when it ended; null as long as it has not
 */
public record ConsoleClone(
    long id,
    String sourceVolume,
    String sourcePath,
    String volume,
    String path,
    String profile,
    boolean isCopied,
    JobState state,
    String reason,
    int files,
    long totalBytes,
    long doneBytes,
    Instant startedAt,
    Instant endedAt) {
  /** Whether it has ended, well or not. */
  public boolean hasEnded() {
    return endedAt != null;
  }
}
