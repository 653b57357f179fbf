/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.mover;

import java.util.Optional;

/**
 * What a comparison found.
 *
 * @param verifiedBytes bytes that were read and agree
 * @param mismatch the first difference, or empty
 */
public record Verification(long verifiedBytes, Optional<Mismatch> mismatch) {
  public boolean matches() {
    return mismatch.isEmpty();
  }

  /**
   * A difference.
   *
   * @param offsetBytes the place, a multiple of 8
   * @param expectedWord the word that should be there
   * @param foundWord the word that is there
   */
  public record Mismatch(long offsetBytes, long expectedWord, long foundWord) {}
}
