/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** What a host may ask for with a clone. */
public enum CloneOption {
  /** A fast clone: shares blocks, and makes the destination if it is missing. */
  LAZY,
  /** Check everything, change nothing, make no job. */
  DRY_RUN,
  /** Fail with {@link OffloadError#EXISTS} if the destination exists. */
  GUARDED,
  /** The source belongs to the export of another session of the host. */
  OTHER_VOLUME
}
