/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.util.List;
import org.facsim.hypervisor.datastore.HardwareAcceleration;
import org.facsim.hypervisor.guest.QuiescePlan;

/**
 * Everything a host looks at before it calls the clone primitive or its own data mover.
 *
 * @param operation clone or migration
 * @param poweredOn whether the source runs
 * @param quiescing how the source was quiesced; {@link QuiescePlan#notNeeded()} when powered off
 * @param leftoverRedoLogs per disk, the redo logs of older snapshots between the base and the state
 *     to be copied; 0 when that state is the base alone
 * @param placement where the copy goes
 * @param acceleration what the array said it can do for the datastore
 * @param poweredOffOnly the array's plugin offloads clones of powered-off VMs only
 */
public record CloneSituation(
    Operation operation,
    boolean poweredOn,
    QuiescePlan quiescing,
    List<Integer> leftoverRedoLogs,
    Placement placement,
    HardwareAcceleration acceleration,
    boolean poweredOffOnly) {

  public CloneSituation {
    leftoverRedoLogs = List.copyOf(leftoverRedoLogs);
  }

  /** What the admin asked for. */
  public enum Operation {
    CLONE,
    MIGRATE
  }
}
