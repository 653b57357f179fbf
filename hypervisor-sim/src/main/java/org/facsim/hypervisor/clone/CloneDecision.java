/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.util.List;
import java.util.Objects;

/**
 * What a host decided.
 *
 * @param method who will move the data
 * @param reason why, in words that an administrator understands
 * @param findings each rule with its evidence, in the order in which the host judged them; the
 *     first that fails decided. Empty if the policy has no rules.
 */
public record CloneDecision(CloneMethod method, String reason, List<RuleFinding> findings) {
  public CloneDecision {
    Objects.requireNonNull(method);
    Objects.requireNonNull(reason);
    findings = List.copyOf(findings);
  }

  /** A decision without rules. */
  public CloneDecision(CloneMethod method, String reason) {
    this(method, reason, List.of());
  }

  /** The rules that fail, the one that decided first. */
  public List<RuleFinding> failed() {
    return findings.stream().filter(RuleFinding::isFailed).toList();
  }
}
