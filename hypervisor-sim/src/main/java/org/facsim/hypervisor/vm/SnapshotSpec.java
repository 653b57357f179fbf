/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import org.facsim.hypervisor.guest.QuiescePlan;

/**
 * A VM snapshot to be taken.
 *
 * @param name as an administrator will see it
 * @param description free text, may be empty
 * @param memory whether the memory of a running VM is part of it
 * @param quiescing how the guest is quiesced; two sibling redo logs need redo logs, whatever {@code
 *     allowNative} says
 * @param allowNative whether the array may make lazy clones of the disks in place of redo logs
 */
public record SnapshotSpec(
    String name, String description, boolean memory, QuiescePlan quiescing, boolean allowNative) {
  /** Neither memory nor quiescing, by redo logs. */
  public static SnapshotSpec named(String name) {
    return new SnapshotSpec(name, "", false, QuiescePlan.notNeeded(), false);
  }
}
