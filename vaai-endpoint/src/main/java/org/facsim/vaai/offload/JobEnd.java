/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import org.facsim.array.ArrayException;
import org.facsim.protocol.vaai.VaaiStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How jobs end: well once it is durable, or with what went wrong. */
final class JobEnd {
  private static final Logger LOG = LoggerFactory.getLogger(JobEnd.class);

  private final Durability durability;

  JobEnd(Durability durability) {
    this.durability = durability;
  }

  void succeedWhenDurable(CloneWork job, long commitGroup, String words) {
    if (durability.isDurable(commitGroup)) {
      job.succeed(words);
      return;
    }
    durability.whenDurable(
        commitGroup,
        Runnable::run,
        failure -> {
          if (failure == null) {
            job.succeed(words);
          } else {
            LOG.error("clone job {} did not become durable", job.id(), failure);
            VaaiFailure why = ArrayErrors.notDurable(failure);
            job.fail(why.status(), why.getMessage());
          }
        });
  }

  void fail(CloneWork job, RuntimeException why) {
    if (why instanceof VaaiFailure || why instanceof ArrayException) {
      VaaiFailure expected = ArrayErrors.failureOf(why);
      job.fail(expected.status(), expected.getMessage());
    } else {
      LOG.error("clone job {} met a defect", job.id(), why);
      job.fail(VaaiStatus.SERVERFAULT, "a defect of the array, see its log");
    }
  }
}
