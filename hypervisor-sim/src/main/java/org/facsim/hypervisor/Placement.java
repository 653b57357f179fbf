/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

/** Where a copy goes, seen from the source. */
public enum Placement {
  SAME_DATASTORE,
  /** Another volume of the same array. */
  OTHER_DATASTORE,
  OTHER_ARRAY
}
