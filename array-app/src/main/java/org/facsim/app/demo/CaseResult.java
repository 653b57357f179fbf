/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.util.List;
import java.util.Optional;
import org.facsim.app.scenario.ModelledTime;
import org.facsim.app.why.CloneWhy;
import org.facsim.hypervisor.mover.Verification.Mismatch;

/**
 * The result of one case.
 *
 * @param name of the case
 * @param guest the name that an administrator uses
 * @param poweredOn whether the source ran
 * @param quiescing {@code none}, {@code file-system} or {@code application}
 * @param snapshotsTaken how many the host took for this clone
 * @param redoLogsPerDisk how many the snapshot left
 * @param clonedBy {@code array-offload}, {@code host-copy} or {@code array-ui}
 * @param reason why
 * @param nfsReadBytes bytes that the host read for this clone, counted on the wire
 * @param nfsWriteBytesToDestination bytes that the host wrote to the data files of the clone's
 *     disks, counted on the wire
 * @param sourceUsedBytes bytes charged to the source's files afterwards
 * @param cloneUsedBytes bytes charged to the clone's files afterwards
 * @param addedPhysicalBytes by how much the array's physical use grew
 * @param elapsedMillis from the administrator's click to the end of the task
 * @param contentsVerifiedBytes bytes that were compared with the source's quiesced state and are
 *     equal
 * @param mismatch the first difference, if there is one
 * @param deviations what differs from the article; empty if nothing does
 * @param why the host's half and the array's of "offloaded? if not, why?"
 */
public record CaseResult(
    String name,
    String guest,
    boolean poweredOn,
    String quiescing,
    int snapshotsTaken,
    int redoLogsPerDisk,
    String clonedBy,
    String reason,
    long nfsReadBytes,
    long nfsWriteBytesToDestination,
    long sourceUsedBytes,
    long cloneUsedBytes,
    long addedPhysicalBytes,
    long elapsedMillis,
    long contentsVerifiedBytes,
    Optional<Mismatch> mismatch,
    List<String> deviations,
    CloneWhy why) {
  private static final long CALL_BYTES = 1 << 20;

  public CaseResult {
    deviations = List.copyOf(deviations);
  }

  /** A result of which nobody asks why. */
  CaseResult(
      String name,
      String guest,
      boolean poweredOn,
      String quiescing,
      int snapshotsTaken,
      int redoLogsPerDisk,
      String clonedBy,
      String reason,
      long nfsReadBytes,
      long nfsWriteBytesToDestination,
      long sourceUsedBytes,
      long cloneUsedBytes,
      long addedPhysicalBytes,
      long elapsedMillis,
      long contentsVerifiedBytes,
      Optional<Mismatch> mismatch,
      List<String> deviations) {
    this(
        name,
        guest,
        poweredOn,
        quiescing,
        snapshotsTaken,
        redoLogsPerDisk,
        clonedBy,
        reason,
        nfsReadBytes,
        nfsWriteBytesToDestination,
        sourceUsedBytes,
        cloneUsedBytes,
        addedPhysicalBytes,
        elapsedMillis,
        contentsVerifiedBytes,
        mismatch,
        deviations,
        CloneWhy.NONE);
  }

  /**
   * What crossed the network for the data of this clone, in calls of 1 MiB, for the time that it
   * would take on a real network.
   */
  ModelledTime.Work work() {
    long calls = (nfsReadBytes + nfsWriteBytesToDestination + CALL_BYTES - 1) / CALL_BYTES;
    return new ModelledTime.Work(0, calls, nfsReadBytes, nfsWriteBytesToDestination, 0);
  }

  /** Whether nothing deviates. */
  public boolean asExpected() {
    return deviations.isEmpty();
  }

  CaseResult withDeviations(List<String> found) {
    return new CaseResult(
        name,
        guest,
        poweredOn,
        quiescing,
        snapshotsTaken,
        redoLogsPerDisk,
        clonedBy,
        reason,
        nfsReadBytes,
        nfsWriteBytesToDestination,
        sourceUsedBytes,
        cloneUsedBytes,
        addedPhysicalBytes,
        elapsedMillis,
        contentsVerifiedBytes,
        mismatch,
        found,
        why);
  }
}
