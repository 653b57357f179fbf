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
    String nearest =
        NearestWord.to(written, allowed).map(word -> "; did you mean '" + word + "'?").orElse("");
    String list =
        String.join(", ", allowed.stream().limit(MAX_LISTED).toList())
            + (allowed.size() > MAX_LISTED
                ? ", and " + (allowed.size() - MAX_LISTED) + " more"
                : "");
    return nearest + "; allowed: " + (list.isEmpty() ? "none" : list);
  }
}
