/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.operation;

import java.util.Optional;
import org.facsim.hypervisor.vm.VmSpec;

/**
 * A linked clone to be made: it shares the disks of a VM snapshot and stores only what differs. It
 * goes to the datastore of the source.
 *
 * @param name of the clone, see {@link VmSpec#name()}
 * @param snapshotId the snapshot whose disks are shared; empty for the current one
 * @param allowNative whether the array makes its disks as lazy clones if it can; otherwise they are
 *     redo logs on the disks of the snapshot
 */
public record LinkedCloneRequest(String name, Optional<Integer> snapshotId, boolean allowNative) {
  public LinkedCloneRequest {
    VmSpec.checkName(name);
  }

  /** Of the current snapshot, by redo logs. */
  public static LinkedCloneRequest named(String name) {
    return new LinkedCloneRequest(name, Optional.empty(), false);
  }

  public LinkedCloneRequest of(int id) {
    return new LinkedCloneRequest(name, Optional.of(id), allowNative);
  }

  public LinkedCloneRequest allowingNative() {
    return new LinkedCloneRequest(name, snapshotId, true);
  }
}
