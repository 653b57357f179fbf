/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import org.facsim.hypervisor.guest.DiskContents;

/**
 * Everything about a disk that changes. Immutable, so that it can be kept and put back.
 *
 * @param provisionedBytes what the guest sees
 * @param provisioning the format that was asked for, and the one that it has
 * @param layers its descriptors and data files
 * @param livePath the layer that the guest writes to
 * @param contents what a reader of that layer must find, as far as it is known
 * @param contentsKnown whether {@code contents} is complete
 */
record DiskState(
    long provisionedBytes,
    DiskProvisioning provisioning,
    DiskLayers layers,
    String livePath,
    DiskContents contents,
    boolean contentsKnown) {
  DiskState withLayers(DiskLayers newLayers, String newLivePath) {
    return new DiskState(
        provisionedBytes, provisioning, newLayers, newLivePath, contents, contentsKnown);
  }

  DiskState withContents(DiskContents newContents, boolean known) {
    return new DiskState(provisionedBytes, provisioning, layers, livePath, newContents, known);
  }

  DiskState withProvisioning(DiskProvisioning newProvisioning) {
    return new DiskState(
        provisionedBytes, newProvisioning, layers, livePath, contents, contentsKnown);
  }

  DiskState withCapacity(long newBytes) {
    return new DiskState(
        newBytes, provisioning, layers, livePath, contents.withCapacity(newBytes), contentsKnown);
  }

  boolean isThin() {
    return provisioning.got() == DiskFormat.THIN;
  }
}
