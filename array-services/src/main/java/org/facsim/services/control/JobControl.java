/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import org.facsim.array.Caller;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.ListedJob;
import org.facsim.services.offload.OffloadEngine;

/** Clone jobs of all hosts and dialects. */
public final class JobControl {
  private final OffloadEngine offload;

  JobControl(OffloadEngine offload) {
    this.offload = offload;
  }

  /**
   * The jobs under way, and the finished jobs that are remembered because hosts may still ask for
   * them, in the order in which they were made. Jobs that ended within their call are left out.
   */
  public List<ListedJob> all() {
    return offload.jobs();
  }

  /**
   * Aborts a job if that is still possible; the answer says whether it was.
   *
   * @throws org.facsim.services.offload.OffloadFailure UNKNOWN_JOB
   */
  public JobSnapshot abort(long jobId) {
    return offload.abort(jobId, Caller.ROOT, "aborted by an administrator");
  }
}
