/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Compares the facts of two servers about one step. */
final class Comparison {
  /** Stands for a fact that one side did not tell. */
  static final String NOTHING = "-";

  private static final String ATTRIBUTES = "attributes";
  private static final String BEFORE = "before";

  private Comparison() {}

  /**
   * What differs. A status that differs is the only difference, because the rest follows from it.
   */
  static List<Difference> of(Step step, Facts here, Facts there) {
    if (!here.status().equals(there.status())) {
      return List.of(new Difference(step, Facts.STATUS, here.status(), there.status()));
    }
    Set<String> names = new LinkedHashSet<>(here.all().keySet());
    names.addAll(there.all().keySet());
    List<Difference> differences = new ArrayList<>();
    for (String name : names) {
      String prefix = name.substring(0, name.indexOf('.') + 1);
      if (!name.endsWith(ATTRIBUTES)
          && !name.endsWith(BEFORE)
          && (lacks(here, prefix) || lacks(there, prefix))
          && !(here.all().containsKey(name) && there.all().containsKey(name))) {
        // one side sent no attributes at all, which is told once
        continue;
      }
      String one = here.all().getOrDefault(name, NOTHING);
      String other = there.all().getOrDefault(name, NOTHING);
      if (!one.equals(other)) {
        differences.add(new Difference(step, name, one, other));
      }
    }
    return differences;
  }

  private static boolean lacks(Facts facts, String prefix) {
    return "none".equals(facts.all().get(prefix + ATTRIBUTES));
  }
}
