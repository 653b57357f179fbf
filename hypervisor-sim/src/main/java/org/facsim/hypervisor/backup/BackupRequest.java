/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.backup;

import java.util.List;
import java.util.Objects;
import org.facsim.hypervisor.datastore.TransferProgress;

/**
 * A backup of a VM.
 *
 * @param version what the backup program is built with
 * @param quiesce whether the guest is quiesced if it runs
 * @param changeIds of the backup before, one for each disk; empty for a full backup
 * @param sink where the data goes
 * @param progress is told how many bytes are read, and how many there are; a callback that throws
 *     cancels the backup
 */
public record BackupRequest(
    VddkVersion version,
    boolean quiesce,
    List<String> changeIds,
    BackupSink sink,
    TransferProgress progress) {
  public BackupRequest {
    Objects.requireNonNull(version);
    Objects.requireNonNull(sink);
    Objects.requireNonNull(progress);
    changeIds = List.copyOf(changeIds);
  }

  /** A full backup of the quiesced VM. */
  public static BackupRequest full(VddkVersion version, BackupSink sink) {
    return new BackupRequest(version, true, List.of(), sink, TransferProgress.NONE);
  }

  /** A backup of what changed since an earlier one. */
  public BackupRequest since(BackupResult before) {
    return new BackupRequest(version, quiesce, before.changeIds(), sink, progress);
  }

  public BackupRequest withProgress(TransferProgress told) {
    return new BackupRequest(version, quiesce, changeIds, sink, told);
  }
}
