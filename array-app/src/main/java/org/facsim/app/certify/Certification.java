/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All cases, or some, one after the other, and their result for people and programs. */
public final class Certification {
  private final CaseRun run;

  /**
   * A certification of one command.
   *
   * @param command and its arguments
   * @param timeoutSeconds that it may take in one case
   * @param reports the directory for the evidence of failures; made when there is one
   */
  public Certification(List<String> command, int timeoutSeconds, Path reports) {
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

  /**
   * Runs cases.
   *
   * @param names of the cases; all if it is empty
   * @param progress where each case is named before it runs, if the result is for people
   * @param json whether {@code out} gets JSON instead of a matrix
   * @return whether all are passed
   * @throws IOException if the command cannot be started, or a file cannot be written
   */
  public boolean run(
      List<String> names, PrintWriter out, PrintWriter progress, boolean json, Optional<Path> junit)
      throws IOException, InterruptedException {
    List<CaseResult> results = new ArrayList<>();
    for (CertifyCase each : Cases.all()) {
      if (names.isEmpty() || names.contains(each.name())) {
        CaseResult result = run.run(each);
        results.add(result);
        if (!json) {
          Matrix.print(result, out);
          out.flush();
        }
      }
    }
    if (json) {
      out.println(ResultJson.of(results));
    } else {
      Matrix.printSum(results, out);
    }
    out.flush();
    progress.flush();
    if (junit.isPresent()) {
      JunitFile.write(results, junit.get());
    }
    return results.stream().allMatch(CaseResult::isPassed);
  }
}
