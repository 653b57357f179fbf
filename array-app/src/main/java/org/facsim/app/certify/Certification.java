/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** All cases, or some, one after the other, and their result for people and programs. */
public final class Certification {
  private final CaseRun run;
  private final int parallel;

  /**
   * A certification of one command.
   *
   * @param command and its arguments
   * @param timeoutSeconds that it may take in one case
   * @param parallel cases at a time
   * @param reports the directory for the evidence of failures; made when there is one
   */
  public Certification(List<String> command, int timeoutSeconds, int parallel, Path reports) {
    this.parallel = parallel;
    run = new CaseRun(command, Duration.ofSeconds(timeoutSeconds), reports);
  }

  /** The names of all cases. */
  public static List<String> names() {
    return Cases.all().stream().map(CertifyCase::name).toList();
  }

  /** The first of some names that is no case. */
  public static Optional<String> unknown(List<String> names) {
    List<String> all = names();
    return names.stream().filter(name -> !all.contains(name)).findFirst();
  }

  /** Prints all cases, one a line. */
  public static void list(PrintWriter out) {
    Cases.all().forEach(each -> out.printf("%-28s %s%n", each.name(), each.title()));
  }

  /** All cases as JSON. */
  public static String listed() {
    return ResultJson.ofCases(Cases.all()).toString();
  }

  /**
   * Runs cases.
   *
   * @param names of the cases; all if it is empty
   * @param json whether {@code out} gets JSON instead of a matrix
   * @return whether all are passed
   * @throws IOException if the command cannot be started, or a file cannot be written
   */
  public boolean run(List<String> names, PrintWriter out, boolean json, Optional<Path> junit)
      throws IOException, InterruptedException {
    List<CaseResult> results = new ArrayList<>();
    ExecutorService workers = Executors.newFixedThreadPool(parallel);
    try {
      List<Future<CaseResult>> all =
          Cases.all().stream()
              .filter(each -> names.isEmpty() || names.contains(each.name()))
              .map(each -> workers.submit(() -> run.run(each)))
              .toList();
      for (Future<CaseResult> each : all) {
        CaseResult result = of(each);
        results.add(result);
        if (!json) {
          Matrix.print(result, out);
          out.flush();
        }
      }
    } finally {
      workers.shutdownNow();
    }
    if (json) {
      out.println(ResultJson.of(results));
    } else {
      Matrix.printSum(results, out);
    }
    out.flush();
    if (junit.isPresent()) {
      JunitFile.write(results, junit.get());
    }
    return results.stream().noneMatch(CaseResult::isFailed);
  }

  private static CaseResult of(Future<CaseResult> running)
      throws IOException, InterruptedException {
    try {
      return running.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException expected) {
        throw expected;
      }
      throw new IllegalStateException("a case met a defect", failed.getCause());
    }
  }
}
