/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import org.facsim.hypervisor.clone.CloneDecision;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.junit.jupiter.api.Test;

/**
 * The demo's figures come from the wire and the ledger: hosts that decide wrongly must make it
 * fail, in exactly the cases they decided wrongly.
 */
class BrokenPolicyTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int demo(CloneOffloadPolicy policy) {
    Locale.setDefault(Locale.ROOT);
    return Main.configured(
            new DemoCommand(policy), new PrintWriter(out, true), new PrintWriter(err, true))
        .execute("--disk-size", "1MiB");
  }

  private List<String> unexpectedCases() {
    List<String> lines = out.toString().lines().toList();
    String summary =
        lines.stream().filter(line -> line.contains("did not come out")).findFirst().orElse("");
    return List.of(summary.replaceAll("^.*expected: |\\.$", "").split(", "));
  }

  @Test
  void esxisPolicySucceeds() {
    assertThat(demo(CloneOffloadPolicy.esxi())).as("%s%s", out, err).isEqualTo(0);
    assertThat(out.toString()).doesNotContain("NOT AS EXPECTED");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void hostsThatAlwaysOffloadMakeItFail() {
    int exitCode =
        demo(situation -> new CloneDecision(CloneMethod.ARRAY_OFFLOAD, "broken on purpose"));

    assertThat(exitCode).as("%s%s", out, err).isEqualTo(1);
    assertThat(unexpectedCases()).containsExactly("windows-2008r2-hot");
  }

  @Test
  void hostsThatNeverOffloadMakeItFail() {
    int exitCode = demo(situation -> new CloneDecision(CloneMethod.HOST_COPY, "broken on purpose"));

    assertThat(exitCode).as("%s%s", out, err).isEqualTo(1);
    assertThat(unexpectedCases())
        .containsExactly(
            "windows-7-hot",
            "windows-2008r2-vss-disabled",
            "windows-2008r2-sync-driver",
            "windows-2008r2-tools-stopped",
            "windows-2008r2-dynamic-disk",
            "windows-2008r2-cold");
  }
}
