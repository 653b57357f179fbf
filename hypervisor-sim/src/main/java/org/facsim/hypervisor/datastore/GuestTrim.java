/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.Objects;

/**
 * A guest's TRIM of a part of its disk, as the disk's layer hands it to the datastore.
 *
 * @param file the extent in which the guest's bytes are, {@code -flat.vmdk}
 * @param range of the extent
 * @param isThin whether the disk is thin
 * @param hasSnapshots whether the VM has snapshots, of which even one keeps UNMAP from the array
 */
public record GuestTrim(DatastoreFile file, FileRange range, boolean isThin, boolean hasSnapshots) {
  public GuestTrim {
    Objects.requireNonNull(file);
    Objects.requireNonNull(range);
  }
}
