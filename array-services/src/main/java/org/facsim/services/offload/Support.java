/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import com.google.common.collect.Sets;
import java.util.Set;

/**
 * Whether a primitive works.
 *
 * @param supported whether it works on the export now; a call may fail all the same
 * @param options the options that a clone of this kind may have
 * @param reason why it does not work, at most {@link OffloadFailure#MAX_REASON_BYTES} bytes; empty
 *     if it does
 */
public record Support(boolean supported, Set<CloneOption> options, String reason) {
  public Support {
    options = Sets.immutableEnumSet(options);
    reason = OffloadFailure.bounded(reason);
  }

  static Support yes(Set<CloneOption> options) {
    return new Support(true, options, "");
  }

  /** The answer that a primitive does not work. */
  public static Support no(String reason) {
    return new Support(false, Set.of(), reason);
  }
}
