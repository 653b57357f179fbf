/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.util.Collection;
import java.util.List;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the JMH benchmarks that have goals and sets their scores beside them. */
final class JmhGoals {
  private static final double MAX_CLONE_NANOS = 5e3;
  private static final double MAX_CLONE_FACTOR = 3;
  private static final double MAX_LEDGER_NANOS = 1e3;
  private static final double MIN_OVERWRITES = 600e3;
  private static final double MAX_FIRST_OVERWRITE_NANOS = 6e3;
  private static final double MIN_COPY_SHARE = 0.6;
  private static final double MIN_MIXED_WRITES = 350e3;
  private static final double MIN_MIXED_READS = 550e3;

  private final Scale scale;
  private final Goals goals;
  private final String logFile;

  /**
   * @param logFile where JMH's own report goes; that of the last run stays
   */
  JmhGoals(Scale scale, Goals goals, String logFile) {
    this.scale = scale;
    this.goals = goals;
    this.logFile = logFile;
  }

  /** Clones and ledgers at every size, in this JVM, on the shared files. */
  void measureSizes() {
    List<Integer> sizes = scale.mappedMib();
    double least = Double.MAX_VALUE;
    double most = 0;
    for (RunResult run : run(CloneBenchmark.class, 0, sizes)) {
      double nanos = run.getPrimaryResult().getScore();
      least = Math.min(least, nanos);
      most = Math.max(most, nanos);
      goals.add(
          "whole-file clone under a new name, " + size(run) + " mapped",
          "< 5 µs",
          score(run),
          nanos < MAX_CLONE_NANOS);
    }
    goals.add(
        "  slowest over fastest of these",
        "<= 3",
        Goals.text("%.1f", most / least),
        most / least <= MAX_CLONE_FACTOR);
    for (RunResult run : run(LedgerBenchmark.class, 0, sizes)) {
      String whose = run.getParams().getBenchmark().endsWith("source") ? "file" : "changed clone";
      goals.add(
          "every ledger figure of a " + whose + ", " + size(run) + " mapped",
          "< 1 µs",
          score(run),
          run.getPrimaryResult().getScore() < MAX_LEDGER_NANOS);
    }
  }

  void measureOverwrites() {
    for (RunResult run : run(OverwriteBenchmark.class, 1, List.of(scale.payloadMib()))) {
      double rate = run.getPrimaryResult().getScore();
      goals.add(
          "4 KiB random overwrites of private blocks, with bytes, one thread",
          ">= 600,000/s",
          perSecond(run.getPrimaryResult()),
          rate >= MIN_OVERWRITES);
    }
    for (RunResult run : run(FirstOverwriteBenchmark.class, 1, List.of(scale.guestMib()))) {
      double median = run.getPrimaryResult().getStatistics().getPercentile(50);
      double p99 = run.getPrimaryResult().getStatistics().getPercentile(99);
      goals.add(
          "first overwrite after a clone, " + size(run) + ", median",
          "< 6 µs",
          Goals.duration(median) + " (p99 " + Goals.duration(p99) + ")",
          median < MAX_FIRST_OVERWRITE_NANOS);
    }
  }

  void measureSequential() {
    Collection<RunResult> runs = run(SequentialBenchmark.class, 1, List.of(scale.payloadMib()));
    compare("writes", score(runs, "write"), score(runs, "plainCopyIn"));
    compare("reads", score(runs, "read"), score(runs, "plainCopyOut"));
  }

  private void compare(String what, double measured, double plain) {
    goals.add(
        "1 MiB sequential " + what + ", share of a plain copy",
        ">= 60 %",
        Goals.text(
            "%.0f %% (%.1f of %.1f GiB/s)", 100 * measured / plain, measured / 1024, plain / 1024),
        measured / plain >= MIN_COPY_SHARE);
  }

  void measureMixed() {
    for (RunResult run : run(MixedBenchmark.class, 1, List.of(scale.guestMib()))) {
      Result<?> reads = run.getSecondaryResults().get("reads");
      Result<?> writes = run.getSecondaryResults().get("writes");
      String what = "a reader and a writer of one file, metadata only: ";
      goals.add(
          what + "writes",
          ">= 350,000/s",
          perSecond(writes),
          writes.getScore() >= MIN_MIXED_WRITES);
      goals.add(
          what + "reads", ">= 550,000/s", perSecond(reads), reads.getScore() >= MIN_MIXED_READS);
    }
  }

  private Collection<RunResult> run(Class<?> benchmark, int forks, List<Integer> mappedMib) {
    String[] sizes = mappedMib.stream().map(String::valueOf).toArray(String[]::new);
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + benchmark.getSimpleName() + "\\.")
            .param("mappedMib", sizes)
            .forks(scale.quick() ? 0 : forks)
            .shouldFailOnError(true)
            .output(logFile);
    if (scale.quick()) {
      options
          .warmupIterations(0)
          .measurementIterations(1)
          .measurementTime(TimeValue.milliseconds(5));
    }
    try {
      return new Runner(options.build()).run();
    } catch (RunnerException e) {
      throw new IllegalStateException("see " + logFile, e);
    }
  }

  private static double score(Collection<RunResult> runs, String method) {
    return runs.stream()
        .filter(run -> run.getParams().getBenchmark().endsWith("." + method))
        .findFirst()
        .orElseThrow()
        .getPrimaryResult()
        .getScore();
  }

  private static String size(RunResult run) {
    return Goals.size(Integer.parseInt(run.getParams().getParam("mappedMib")));
  }

  private static String score(RunResult run) {
    Result<?> result = run.getPrimaryResult();
    return Goals.duration(result.getScore()) + error(result, " ± %.0f ns");
  }

  private static String perSecond(Result<?> result) {
    return Goals.text("%,.0f/s", result.getScore()) + error(result, " ± %,.0f");
  }

  /** A single iteration has no error to show. */
  private static String error(Result<?> result, String format) {
    double error = result.getScoreError();
    return Double.isNaN(error) ? "" : Goals.text(format, error);
  }
}
