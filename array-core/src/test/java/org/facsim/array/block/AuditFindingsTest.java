/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AuditFindingsTest {
  private final AuditFindings findings = new AuditFindings();

  @Test
  void whatDiffersInNumbersAloneIsOneKindOfWhichTheFirstAreTold() {
    for (int i = 1; i <= 12_345; i++) {
      findings.add("block " + i + ": slot " + i * 7);
      if (i % 6000 == 0) {
        findings.add("used blocks 0: kept " + i + ", counted 1");
      }
    }
    List<String> lines = findings.lines();
    assertThat(lines).hasSize(AuditFindings.MAX_OF_A_KIND + 1 + 2);
    assertThat(lines.get(0)).isEqualTo("block 1: slot 7");
    assertThat(lines.get(19)).isEqualTo("block 20: slot 140");
    assertThat(lines.get(20)).isEqualTo("12,325 more like it: block N: slot N");
    assertThat(lines.get(21)).isEqualTo("used blocks 0: kept 6000, counted 1");
    assertThat(lines.get(22)).isEqualTo("used blocks 0: kept 12000, counted 1");
  }

  @Test
  void aKindThatFitsIsToldWhole() {
    for (int i = 0; i < AuditFindings.MAX_OF_A_KIND; i++) {
      findings.add("node " + i);
    }
    findings.addAll(List.of("file 1", "no file"));
    assertThat(findings.lines()).hasSize(AuditFindings.MAX_OF_A_KIND + 2).doesNotHaveDuplicates();
    assertThat(new AuditFindings().lines()).isEmpty();
  }
}
