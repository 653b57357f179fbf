/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.util.List;

/**
 * A snapshot that the array has of a VM or of one of its files, with what was made of it.
 *
 * @param name unique in the volume
 * @param createdNanos since 1970
 * @param isAutomatic made by the array for its own clones
 * @param source the file below the VM's directory; empty for the whole VM
 * @param clones the paths below the volume of the clones that are still there
 * @param children the snapshots that follow it
 */
public record VmSnapshot(
    String name,
    long createdNanos,
    boolean isAutomatic,
    String source,
    List<String> clones,
    List<VmSnapshot> children) {
  public VmSnapshot {
    clones = List.copyOf(clones);
    children = List.copyOf(children);
  }
}
