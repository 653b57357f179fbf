/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.FileAttributes;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Volume;

/**
 * A clone that shares blocks. It is one step of the array, so it cannot be half done.
 *
 * <p>A full clone gives an existing file the source's contents and size. A lazy clone makes the
 * file if it is missing.
 */
final class SharingClone {
  private final CloneWork job;
  private final ClonePlanner.Plan plan;
  private final JobEnd end;

  SharingClone(CloneWork job, ClonePlanner.Plan plan, JobEnd end) {
    this.job = job;
    this.plan = plan;
    this.end = end;
  }

  private record Cloned(Inode destination, FileAttributes attributes, long transactionGroup) {}

  void run() {
    if (job.start()) {
      share();
    }
  }

  /** Of a job that runs. */
  void share() {
    if (!job.commit()) {
      return;
    }
    try {
      Cloned cloned = plan.volume().unlessRestored(job.restoreCount(), this::make);
      job.sharedAll(
          cloned.destination.handle(),
          cloned.attributes.sizeBytes(),
          cloned.attributes.usedBytes());
      end.succeedWhenDurable(job, cloned.transactionGroup, "blocks shared");
    } catch (RuntimeException | Error e) {
      end.fail(job, e);
    }
  }

  private Cloned make() {
    FileLocator.Location location = plan.destination();
    if (location.exists()) {
      return into(location.inode());
    }
    Volume volume = plan.volume();
    plan.noteCostBefore(null);
    AttributeChanges mode = AttributeChanges.ofMode(plan.source().attributes().mode() & 0777);
    try {
      Volume.Created made =
          isFromSnapshot()
              ? volume
                  .clones()
                  .cloneAsWithSnapshot(
                      plan.caller(), plan.source(), location.directory(), location.name(), mode)
              : volume
                  .clones()
                  .cloneAs(
                      plan.caller(), plan.source(), location.directory(), location.name(), mode);
      plan.report().files(plan.source().handle(), made.inode().handle());
      plan.noteCostAfter(made.inode());
      return new Cloned(made.inode(), made.attributes(), made.directory().transactionGroup());
    } catch (ArrayException e) {
      if (e.error() != ArrayError.EXISTS || plan.options().has(CloneOption.GUARDED)) {
        throw e;
      }
      // Someone has made the file since the plan, so it is an existing destination now.
      Inode there = volume.names().lookup(plan.caller(), location.directory(), location.name());
      plan.report().files(plan.source().handle(), there.handle());
      return into(there);
    }
  }

  private Cloned into(Inode destination) {
    Volume volume = plan.volume();
    plan.noteCostBefore(destination);
    Mutation mutation =
        isFromSnapshot()
            ? volume.clones().cloneFileWithSnapshot(plan.caller(), plan.source(), destination)
            : volume.clones().cloneFile(plan.caller(), plan.source(), destination);
    plan.noteCostAfter(destination);
    return new Cloned(destination, mutation.after(), mutation.transactionGroup());
  }

  private boolean isFromSnapshot() {
    return plan.way() == ClonePlanner.Way.SHARE_FROM_SNAPSHOT;
  }
}
