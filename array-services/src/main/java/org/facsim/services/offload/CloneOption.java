/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** What a host may ask for with a clone. */
public enum CloneOption {
  /** A fast clone: the array shares blocks, and makes the destination if it is missing. */
  LAZY,
  /** The array checks everything, changes nothing and makes no job. */
  DRY_RUN,
  /** The clone fails with {@link OffloadError#EXISTS} if the destination exists. */
  GUARDED,
  /** The source belongs to the export of another session of the host. */
  OTHER_VOLUME
}
