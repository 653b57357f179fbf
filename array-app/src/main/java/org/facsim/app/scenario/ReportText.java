/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.io.PrintWriter;
import java.util.List;
import java.util.regex.Pattern;
import org.facsim.app.scenario.RunResult.Finding;
import org.facsim.app.scenario.RunResult.StepResult;
import org.facsim.services.units.ByteSize;

/** A result for people: step by step, expectation by expectation. */
public final class ReportText {
  /** Subjects whose numbers are bytes. */
  private static final List<String> BYTES =
      List.of("space: ", "disk: ", "task: read", "task: written", "task: trimmed");

  private static final Pattern LONG_NUMBER = Pattern.compile("\\b\\d{5,18}\\b");

  private final PrintWriter out;

  public ReportText(PrintWriter out) {
    this.out = out;
  }

  /** Prints a whole result. */
  public void print(RunResult result) {
    Scenario scenario = result.scenario();
    out.println(scenario.name() + ": " + scenario.title());
    for (int i = 0; i < result.steps().size(); i++) {
      print(i + 1, result.steps().get(i));
    }
    List<Finding> findings = result.findings();
    long met = findings.stream().filter(Finding::holds).count();
    out.printf(
        "  %s: %d of %d expectations are met; seed %d%n",
        result.isPassed() ? "passed" : "FAILED", met, findings.size(), result.seed());
    out.println("  modelled: " + modelled(result.work()) + " on " + ModelledTime.ARRAY_IN_WORDS);
    out.println();
    out.flush();
  }

  private void print(int number, StepResult result) {
    out.printf("  %d. %s%n", number, result.step().words());
    String outcome = outcome(result.outcome());
    if (!outcome.isEmpty()) {
      out.println("     found: " + outcome);
    }
    if (!result.wire().kinds().isEmpty() || result.wire().hasUnanswered()) {
      out.println("     wire: " + result.wire().inWords());
      out.println("     modelled: " + modelled(result.work()));
    }
    if (!result.took().isZero()) {
      out.println("     hosts' clock: " + result.took().toMillis() + " ms");
    }
    result.findings().forEach(this::print);
  }

  private static String modelled(ModelledTime.Work work) {
    return String.join(
        ", ", ModelledTime.NETWORKS.stream().map(network -> network.inWords(work)).toList());
  }

  private static String outcome(Outcome outcome) {
    return String.join(
        "; ",
        outcome.facts().entrySet().stream()
            .filter(fact -> !fact.getValue().equals(Fact.NONE))
            .filter(fact -> !fact.getKey().equals("state") || outcome.isFailure())
            .map(fact -> fact.getKey() + " " + fact.getValue())
            .toList());
  }

  private void print(Finding finding) {
    Check check = finding.check();
    String words =
        finding.holds()
            ? check.condition() + found(finding)
            : "wanted " + check.condition() + ", found " + finding.fact().value();
    out.printf(
        "     %-4s %s: %s%n",
        finding.holds() ? "ok" : "FAIL",
        check.subject(),
        BYTES.stream().anyMatch(check.subject()::startsWith) ? withSizes(words) : words);
    if (!finding.holds()) {
      finding.fact().evidence().forEach(line -> out.println("            " + line));
      out.println("            line " + check.line());
    }
  }

  /** Adds to long numbers of bytes how many that is. */
  private static String withSizes(String words) {
    return LONG_NUMBER
        .matcher(words)
        .replaceAll(n -> n.group() + " = " + ByteSize.format(Long.parseLong(n.group())));
  }

  /** What was found, if the condition does not say it. */
  private static String found(Finding finding) {
    return !finding.isExact()
            || finding.check().condition().toString().endsWith(finding.fact().value())
        ? ""
        : " (" + finding.fact().value() + ")";
  }
}
