/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

/** One disk of a VM: where its files are and what the guest wrote to it. */
public final class VirtualDisk {
  VirtualDisk() {}

  /** The disk's descriptor, relative to the datastore: the live one, of the newest redo log. */
  public String descriptorPath() {
    throw new UnsupportedOperationException("contract");
  }

  /** The base's data file, {@code vm/vm-flat.vmdk}, relative to the datastore. */
  public String flatPath() {
    throw new UnsupportedOperationException("contract");
  }

  public long provisionedBytes() {
    throw new UnsupportedOperationException("contract");
  }

  /** What a reader of the live disk must find. */
  public DiskContents contents() {
    throw new UnsupportedOperationException("contract");
  }
}
