/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.clone;

import java.util.Arrays;
import java.util.List;

/** The rules of {@link CloneOffloadPolicy#esxi()}: all of {@link CloneRule}, in its order. */
final class EsxiCloneOffloadPolicy {
  private EsxiCloneOffloadPolicy() {}

  static CloneDecision decide(CloneSituation situation) {
    List<RuleFinding> findings =
        Arrays.stream(CloneRule.values()).map(rule -> rule.judge(situation)).toList();
    return findings.stream()
        .filter(RuleFinding::isFailed)
        .findFirst()
        .map(first -> new CloneDecision(CloneMethod.HOST_COPY, first.evidence(), findings))
        .orElseGet(
            () -> new CloneDecision(CloneMethod.ARRAY_OFFLOAD, offloadReason(situation), findings));
  }

  private static String offloadReason(CloneSituation situation) {
    if (!situation.poweredOn()) {
      return "powered off: each disk is one whole file";
    }
    return "one redo log per disk (%s): the frozen base is one whole file"
        .formatted(situation.quiescing().reason());
  }
}
