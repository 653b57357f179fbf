/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.TransferProgress;

/**
 * A VM to be moved to another datastore: a cold migration if it is off, Storage vMotion if it runs.
 *
 * @param destination another datastore of the same host
 * @param progress is told how many bytes of disk data are copied, and how many there are; a
 *     callback that throws cancels the move
 */
public record RelocateRequest(Datastore destination, TransferProgress progress) {
  public RelocateRequest(Datastore destination) {
    this(destination, TransferProgress.NONE);
  }
}
