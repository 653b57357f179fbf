/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import java.util.Collection;
import org.facsim.services.units.NearestWord;

/** What somebody may have meant who wrote something else. */
final class Suggestion {
  /** Names that are listed; more are counted. */
  private static final int MAX_LISTED = 40;

  private Suggestion() {}

  /** {@code ; did you mean X? Allowed: ...}, as far as there is something to say. */
  static String of(String written, Collection<String> allowed) {
    String list =
        String.join(", ", allowed.stream().limit(MAX_LISTED).toList())
            + (allowed.size() > MAX_LISTED
                ? ", and " + (allowed.size() - MAX_LISTED) + " more"
                : "");
    return NearestWord.didYouMean(written, allowed)
        + "; allowed: "
        + (list.isEmpty() ? "none" : list);
  }
}
