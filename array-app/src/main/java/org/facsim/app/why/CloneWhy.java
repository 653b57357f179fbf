/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.why;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.facsim.hypervisor.clone.HostExplanation;
import org.facsim.services.explain.Explanation;
import org.facsim.services.explain.Finding;

/**
 * Both halves of the answer to "offloaded? if not, why?".
 *
 * @param host empty if no host took part
 * @param array empty if the array remembers nothing of the file
 */
public record CloneWhy(Optional<HostExplanation> host, Optional<Explanation> array) {
  public static final CloneWhy NONE = new CloneWhy(Optional.empty(), Optional.empty());

  public CloneWhy {
    Objects.requireNonNull(host);
    Objects.requireNonNull(array);
  }

  /** What to change so that it is offloaded, the host's first; empty if there is nothing. */
  public List<String> advice() {
    List<String> advice = new ArrayList<>();
    host.ifPresent(half -> advice.addAll(half.advice()));
    // What the host did not ask for the array judges by the files that it read: the host knows.
    boolean hostDecided = host.isPresent() && !host.get().decision().failed().isEmpty();
    if (!hostDecided) {
      array.ifPresent(half -> advice.addAll(half.advice()));
    }
    return advice;
  }

  /** Both halves in a few lines, for reports. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    host.ifPresent(half -> lines.addAll(half.lines()));
    array.ifPresent(
        half -> {
          lines.add(half.headline());
          for (Finding each : half.preconditions()) {
            if (each.judgement() == Finding.Judgement.FAILED) {
              lines.add("failed: " + each.precondition().words() + ": " + each.evidence());
            }
          }
        });
    return lines;
  }
}
