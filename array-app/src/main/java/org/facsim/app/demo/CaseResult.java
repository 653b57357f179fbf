/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.util.List;
import java.util.Optional;
import org.facsim.hypervisor.mover.Verification.Mismatch;

/**
 * What came out of one case.
 *
 * @param name of the case
 * @param guest as an admin says it
 * @param poweredOn whether the source ran
 * @param quiescing {@code none}, {@code file-system} or {@code application}
 * @param snapshotsTaken by the host for this clone
 * @param redoLogsPerDisk that the snapshot left
 * @param clonedBy {@code array-offload}, {@code host-copy} or {@code array-ui}
 * @param reason why
 * @param nfsReadBytes READ by the host for this clone, from the wire
 * @param nfsWriteBytesToDestination written to the data files of the clone's disks, from the wire
 * @param sourceUsedBytes charged to the source's files afterwards
 * @param cloneUsedBytes charged to the clone's files afterwards
 * @param addedPhysicalBytes what the array uses more than before
 * @param elapsedMillis from the admin's click to the end of the task
 * @param contentsVerifiedBytes compared with the source's quiesced state, and equal
 * @param mismatch the first difference, if there is one
 * @param deviations what is not as the article says; empty if all is
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
    List<String> deviations) {
  public CaseResult {
    deviations = List.copyOf(deviations);
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
        found);
  }
}
