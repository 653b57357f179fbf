/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

/** Who moves the data of a clone. */
public enum CloneMethod {
  /** The array, by its clone primitive. */
  ARRAY_OFFLOAD("array-offload"),
  /** The host's own data mover, over NFS. */
  HOST_COPY("host-copy");

  private final String label;

  CloneMethod(String label) {
    this.label = label;
  }

  /** {@code array-offload} or {@code host-copy}. */
  public String label() {
    return label;
  }
}
