/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.List;

/**
 * Somebody beside the array who knows something of a clone: the seam for the host's half, which
 * guest there was, how it was quiesced, and what the host decided.
 */
@FunctionalInterface
public interface Teller {
  /**
   * What is to be told of a clone; empty if this teller knows nothing of it. Must not wait.
   *
   * @param explained what the array tells, without other tellers' sections
   */
  List<Explanation.Section> tell(Explanation explained);
}
