/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.backup;

import java.util.List;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.QuiescePlan;

/**
 * What a backup read.
 *
 * @param incremental whether it read only what changed
 * @param quiescing how the guest was quiesced
 * @param readBytes what went to the sink
 * @param changeIds what the next backup asks with, one for each disk; empty if changes are not
 *     tracked
 * @param contents what each disk held in the state that was read
 * @param io all READs and WRITEs meanwhile
 */
public record BackupResult(
    boolean incremental,
    QuiescePlan quiescing,
    long readBytes,
    List<String> changeIds,
    List<DiskContents> contents,
    IoCounters io) {
  public BackupResult {
    changeIds = List.copyOf(changeIds);
    contents = List.copyOf(contents);
  }
}
