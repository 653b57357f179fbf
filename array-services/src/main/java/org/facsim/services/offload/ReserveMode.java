/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** The two kinds of thick disks. */
public enum ReserveMode {
  /** Space is promised; blocks read as zeros until they are written. */
  LAZY_ZEROED,
  /** Space is allocated and zeroed before the call is answered. */
  EAGER_ZEROED
}
