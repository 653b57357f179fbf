/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;

/**
 * Samples in their order.
 *
 * @param isComplete false if some are missing before the first one
 * @param lastSequence of all samples so far
 */
public record RatePage(boolean isComplete, long lastSequence, List<RateSample> samples) {
  public RatePage {
    samples = List.copyOf(samples);
  }
}
