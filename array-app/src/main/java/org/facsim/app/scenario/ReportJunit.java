/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.facsim.app.JunitXml;
import org.facsim.app.scenario.RunResult.Finding;

/** Results for CI servers: a test case for each scenario. */
public final class ReportJunit {
  private ReportJunit() {}

  /**
   * Writes a file.
   *
   * @throws IOException if that fails
   */
  public static void write(List<RunResult> results, Path file) throws IOException {
    JunitXml.write(file, "scenario", results.stream().map(ReportJunit::of).toList());
  }

  private static JunitXml.Case of(RunResult result) {
    List<String> unmet =
        result.findings().stream()
            .filter(finding -> !finding.holds())
            .map(finding -> line(result, finding))
            .toList();
    // Without the time: the same seed makes the same file.
    return new JunitXml.Case(
        result.scenario().name(),
        Optional.empty(),
        Optional.empty(),
        unmet.isEmpty()
            ? Optional.empty()
            : Optional.of(new JunitXml.Failure(unmet.get(0), String.join("\n", unmet))),
        report(result));
  }

  /** The report for people, with the modelled time of each step. */
  private static String report(RunResult result) {
    StringWriter text = new StringWriter();
    new ReportText(new PrintWriter(text)).print(result);
    return text.toString();
  }

  private static String line(RunResult result, Finding finding) {
    return "%s:%d: %s: wanted %s, found %s"
        .formatted(
            result.scenario().file(),
            finding.check().line(),
            finding.check().subject(),
            finding.check().condition(),
            finding.fact().value());
  }
}
