/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.Set;
import java.util.regex.Pattern;
import org.facsim.services.access.NfsVersion;

/**
 * A difference that a standard allows.
 *
 * @param id one word, unique
 * @param versions in which it is allowed; all if it is empty
 * @param acts of which calls; all if it is empty
 * @param name of calls that name something so; all if it matches everything
 * @param fact which facts, as a whole
 * @param here what the array may say
 * @param there what the other server may say
 * @param source for example {@code RFC 1813 3.3.8}
 * @param sentence that allows it, quoted
 * @param why what the two servers do
 */
record AllowedDifference(
    String id,
    Set<NfsVersion> versions,
    Set<Act> acts,
    Pattern name,
    Pattern fact,
    Pattern here,
    Pattern there,
    String source,
    String sentence,
    String why) {
  boolean covers(NfsVersion version, Difference difference) {
    return (versions.isEmpty() || versions.contains(version))
        && (acts.isEmpty() || acts.contains(difference.step().act()))
        && isNamed(difference.step())
        && fact.matcher(difference.fact()).matches()
        && here.matcher(difference.here()).matches()
        && there.matcher(difference.there()).matches();
  }

  private boolean isNamed(Step step) {
    return switch (step.act()) {
      case RENAME -> name.matcher(step.name()).matches() || name.matcher(step.toName()).matches();
      case LINK -> name.matcher(step.toName()).matches();
      default -> name.matcher(step.name()).matches();
    };
  }
}
