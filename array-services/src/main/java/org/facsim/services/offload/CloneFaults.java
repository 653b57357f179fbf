/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Optional;
import org.facsim.array.Inode;
import org.facsim.array.Name;

/**
 * Says which clone jobs go wrong. Asked once for each job, after all checks, on a door's thread.
 */
@FunctionalInterface
public interface CloneFaults {
  /** All jobs go as their profiles say. */
  CloneFaults NONE = job -> Optional.empty();

  /**
   * A clone that is about to become a job.
   *
   * @param initiator who asks, and how
   * @param source the file to be cloned
   * @param destination the file that becomes the clone; null if it is to be made
   * @param directory where it is to be made; null if it is there
   * @param name likewise
   */
  record Job(Initiator initiator, Inode source, Inode destination, Inode directory, Name name) {}

  /** The fault of a job; must not wait. */
  Optional<CloneFault> of(Job job);
}
