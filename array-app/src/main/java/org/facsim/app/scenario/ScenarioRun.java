/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.facsim.app.scenario.RunResult.Finding;
import org.facsim.app.scenario.RunResult.StepResult;
import org.facsim.app.scenario.Scenario.Step;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.time.SteppedTime;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.offload.OffloadCounter;

/**
 * Runs a scenario on a stage of its own, with stepped time. The same scenario with the same seed
 * has the same result, with every figure in it.
 */
public final class ScenarioRun {
  /** The default, so that every run is the same unless another seed is given. */
  public static final long DEFAULT_SEED = 20_080_227;

  private static final int JOURNAL_CALLS = 20_000;

  /** By the machine's clock: how long an answer may take on a busy machine. */
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

  private final Scenario scenario;
  private final StageOptions options;

  private ScenarioRun(Scenario scenario, StageOptions options) {
    this.scenario = scenario;
    this.options = options;
  }

  /**
   * Runs a scenario.
   *
   * @throws IOException if an array cannot be started
   * @throws WrongFileException if the array refuses what a step says, such as a fault rule that can
   *     do nothing
   */
  public static RunResult run(Scenario scenario, long seed) throws IOException, WrongFileException {
    return run(scenario, seed, CloneOffloadPolicy.esxi(), stage -> {});
  }

  /**
   * Runs a scenario with hosts that may decide otherwise.
   *
   * @param atEnd looks at what the scenario leaves
   */
  static RunResult run(
      Scenario scenario, long seed, CloneOffloadPolicy policy, Consumer<Stage> atEnd)
      throws IOException, WrongFileException {
    boolean isDurable = scenario.site().arrays().values().stream().anyMatch(Site.Array::durable);
    Optional<Path> root =
        isDurable ? Optional.of(Files.createTempDirectory("facsim-scenario")) : Optional.empty();
    try {
      StageOptions options =
          new StageOptions(
              seed, SteppedTime.movedBySleepers(START, PATIENCE), JOURNAL_CALLS, root, policy);
      return new ScenarioRun(scenario, options).run(atEnd);
    } finally {
      if (root.isPresent()) {
        delete(root.get());
      }
    }
  }

  private static void delete(Path root) throws IOException {
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private RunResult run(Consumer<Stage> atEnd) throws IOException, WrongFileException {
    try (Stage stage = Stage.build(scenario.site(), options)) {
      Evidence evidence = new Evidence(stage, scenario.figuresByMark());
      List<StepResult> results = new ArrayList<>();
      for (Step step : scenario.steps()) {
        results.add(take(step, stage, evidence));
      }
      atEnd.accept(stage);
      return new RunResult(scenario, options.seed(), results);
    }
  }

  private StepResult take(Step step, Stage stage, Evidence evidence) throws WrongFileException {
    evidence.stepBegins();
    Instant began = options.time().now();
    long copiedBefore = copiedBytes(stage);
    Outcome outcome = operate(step, stage);
    evidence.stepEnded(outcome);
    Duration took = Duration.between(began, options.time().now());
    WireSummary wire = WireSummary.of(calls(stage, evidence), outcome.isFailure());
    long copied = Math.max(0, copiedBytes(stage) - copiedBefore);
    step.mark().ifPresent(evidence::mark);
    List<Finding> findings = new ArrayList<>();
    for (Check check : checks(step)) {
      findings.add(new Finding(check, ask(check, evidence), outcome.isFailure()));
    }
    return new StepResult(step, outcome, wire, wire.work(copied), took, findings);
  }

  private Outcome operate(Step step, Stage stage) throws WrongFileException {
    try {
      return step.operation().run(stage);
    } catch (IllegalArgumentException e) {
      throw new WrongFileException(
          List.of(new FileProblem(scenario.file(), step.line(), 1, e.getMessage())));
    } catch (RuntimeException e) {
      return Outcome.failed(e);
    }
  }

  /** The step's own, and that it succeeds, unless the file says how it ends. */
  private static List<Check> checks(Step step) {
    boolean isTold =
        step.checks().stream()
            .map(Check::subject)
            .anyMatch(List.of("task: state", "task: fault", "task: status")::contains);
    if (isTold) {
      return step.checks();
    }
    List<Check> all = new ArrayList<>();
    all.add(
        new Check(
            step.line(),
            "task: state",
            evidence -> {
              Outcome outcome = evidence.outcome();
              return outcome.isFailure()
                  ? new Fact("error", List.of(outcome.fact("message").value()))
                  : Fact.of("success");
            },
            new Condition.Is("success")));
    all.addAll(step.checks());
    return all;
  }

  private Fact ask(Check check, Evidence evidence) throws WrongFileException {
    try {
      Fact fact = check.question().ask(evidence);
      return check.condition().holds(fact) ? fact : fact.with(check.question().nearest(evidence));
    } catch (IllegalArgumentException e) {
      throw new WrongFileException(
          List.of(new FileProblem(scenario.file(), check.line(), 1, e.getMessage())));
    } catch (RuntimeException e) {
      return Fact.unknown(e.toString());
    }
  }

  private static List<JournalEntry> calls(Stage stage, Evidence evidence) {
    return stage.arrays().keySet().stream()
        .flatMap(array -> evidence.calls(array, Optional.empty()).entries().stream())
        .toList();
  }

  private static long copiedBytes(Stage stage) {
    long sum = 0;
    for (Site.Array declared : stage.site().arrays().values()) {
      FacsimArray array = stage.array(declared.name());
      for (String volume : declared.volumes().keySet()) {
        sum += array.offload().statistics().total(volume, OffloadCounter.BYTES_COPIED);
      }
    }
    return sum;
  }
}
