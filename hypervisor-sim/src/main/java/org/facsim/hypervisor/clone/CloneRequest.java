/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.vm.VmSpec;

/**
 * A clone to be made.
 *
 * @param name of the clone, see {@link VmSpec#name()}
 * @param destination where it goes
 * @param progress is told how many bytes of disk data are copied, and how many there are
 */
public record CloneRequest(String name, Datastore destination, TransferProgress progress) {
  public CloneRequest {
    VmSpec.checkName(name);
  }

  public CloneRequest(String name, Datastore destination) {
    this(name, destination, TransferProgress.NONE);
  }
}
