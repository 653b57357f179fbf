/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.time.Duration;
import java.util.List;

/**
 * What a run of a scenario found.
 *
 * @param steps those that were taken; a step that goes wrong does not end the run
 */
public record RunResult(Scenario scenario, long seed, List<StepResult> steps) {
  public RunResult {
    steps = List.copyOf(steps);
  }

  /**
   * What a step did and what was found after it.
   *
   * @param outcome what became of the operation
   * @param work what it caused, for the modelled time
   * @param took by the clock of hosts and arrays
   */
  record StepResult(
      Scenario.Step step,
      Outcome outcome,
      WireSummary wire,
      ModelledTime.Work work,
      Duration took,
      List<Finding> findings) {
    StepResult {
      findings = List.copyOf(findings);
    }
  }

  /**
   * A check, and the fact that it found.
   *
   * @param afterFailure whether the step's task failed
   */
  record Finding(Check check, Fact fact, boolean afterFailure) {
    /**
     * Whether the figure is the same in every run: that of calls of a task that failed is not,
     * because it depends on what was under way.
     */
    boolean isExact() {
      return !(afterFailure && check.subject().startsWith("wire: calls"));
    }

    boolean holds() {
      return check.condition().holds(fact);
    }
  }

  /** Whether every expectation is met. */
  public boolean isPassed() {
    return findings().stream().allMatch(Finding::holds);
  }

  List<Finding> findings() {
    return steps.stream().flatMap(step -> step.findings.stream()).toList();
  }

  ModelledTime.Work work() {
    return steps.stream()
        .map(StepResult::work)
        .reduce(ModelledTime.Work.NONE, ModelledTime.Work::plus);
  }
}
