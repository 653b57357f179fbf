/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.facsim.array.engine.ArrayCheck;
import org.facsim.array.engine.ArrayPower.Moment;

/**
 * Runs a workload again and again, each time on a new array with a data directory, and lets the
 * power fail at its first commit group, then at its second, until the workload ends before its
 * power fails. Each time it looks at the data directory as {@code facsim check} does, starts the
 * array again in place, and lets the workload compare what it finds with what was acknowledged.
 *
 * <pre>{@code
 * PowerFailures.Report report =
 *     PowerFailures.in(temporaryDirectory)
 *         .on(home -> FacsimArray.builder().volume("v", 1L << 30).nfsPort(0).dataDirectory(home))
 *         .atEveryGroupOf(MyWorkload::new);
 * assertThat(report.problems()).isEmpty();
 * }</pre>
 */
public final class PowerFailures {
  /** A workload with more commit groups is not meant. */
  public static final int MAX_GROUPS = 10_000;

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  /** One run of a workload, and what it remembers of what the array acknowledged. */
  public interface Trial {
    /**
     * Works on the array. Once the power has failed it may end in any way, with any exception; it
     * must end by itself.
     */
    void work(FacsimArray array) throws Exception;

    /**
     * Compares what is there after the restart with what was acknowledged.
     *
     * @return what is wrong, one line each
     */
    List<String> audit(FacsimArray array) throws Exception;
  }

  /**
   * What came of one power failure.
   *
   * @param group the commit group, from 1, counted from the start of the workload
   * @param moment of its way to the disk
   * @param problems empty if all is well
   */
  public record Failure(long group, Moment moment, List<String> problems) {
    public Failure {
      problems = List.copyOf(problems);
    }
  }

  /** All power failures. */
  public record Report(List<Failure> failures) {
    public Report {
      failures = List.copyOf(failures);
    }

    /** What is wrong, each line with its group and moment. */
    public List<String> problems() {
      return failures.stream()
          .flatMap(
              failure ->
                  failure.problems().stream()
                      .map(
                          each ->
                              "group " + failure.group() + ", " + failure.moment() + ": " + each))
          .toList();
    }
  }

  private final Path directory;
  private Function<Path, ArrayBuilder> arrays;

  private PowerFailures(Path directory) {
    this.directory = directory;
  }

  /** In a directory of its own, which takes a data directory for each run; what is well goes. */
  public static PowerFailures in(Path directory) {
    return new PowerFailures(directory);
  }

  /**
   * On which arrays.
   *
   * @param newArrays says how to start one with this data directory
   */
  public PowerFailures on(Function<Path, ArrayBuilder> newArrays) {
    arrays = newArrays;
    return this;
  }

  /**
   * Lets the power fail at each commit group of a workload, in each {@link Moment} of its way.
   *
   * @param trials gives a new one for each run
   * @throws IOException if an array cannot be started
   * @throws IllegalStateException if the workload has more than {@value #MAX_GROUPS} groups
   */
  public Report atEveryGroupOf(Supplier<Trial> trials) throws IOException {
    List<Failure> failures = new ArrayList<>();
    for (Moment moment : Moment.values()) {
      for (long group = 1; ; group++) {
        if (group > MAX_GROUPS) {
          throw new IllegalStateException("the workload has more than " + MAX_GROUPS + " groups");
        }
        Path home = directory.resolve("failure-" + moment + "-" + group);
        List<String> problems = run(home, trials.get(), group, moment);
        if (problems == null) {
          remove(home);
          break;
        }
        failures.add(new Failure(group, moment, problems));
        if (problems.isEmpty()) {
          remove(home);
        }
      }
    }
    return new Report(failures);
  }

  /** Returns what is wrong; null if the power did not fail. */
  private List<String> run(Path home, Trial trial, long group, Moment moment) throws IOException {
    CompletableFuture<Runnable> comingBack = new CompletableFuture<>();
    CompletableFuture<Void> back = new CompletableFuture<>();
    List<String> problems = new ArrayList<>();
    ArrayBuilder builder =
        arrays
            .apply(home)
            .dataDirectory(home)
            .absenceTimer((delay, comeBack) -> comingBack.complete(comeBack));
    try (FacsimArray array = builder.start()) {
      array.arrayFaults().whenBack(() -> back.complete(null));
      array.failPowerAtGroup(group, moment);
      Exception early = work(trial, array);
      array.arrayFaults().cancelPowerFailures();
      if (!array.arrayFaults().isAway()) {
        if (early != null) {
          throw new IllegalStateException("the workload failed by itself", early);
        }
        return null;
      }
      Runnable comeBack = get(comingBack, "the power failed, and the array did not stop");
      problems.addAll(ArrayCheck.of(home));
      comeBack.run();
      get(back, "the array did not come back");
      problems.addAll(audit(trial, array));
    }
    problems.addAll(ArrayCheck.of(home));
    return problems;
  }

  private static Exception work(Trial trial, FacsimArray array) {
    try {
      trial.work(array);
      return null;
    } catch (Exception e) { // whatever a client makes of a server that is gone
      return e;
    }
  }

  private static List<String> audit(Trial trial, FacsimArray array) {
    try {
      return trial.audit(array);
    } catch (Exception | AssertionError e) {
      return List.of("the audit failed: " + e);
    }
  }

  private static <T> T get(CompletableFuture<T> future, String otherwise) {
    try {
      return future.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new IllegalStateException(otherwise, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(otherwise, e);
    }
  }

  private static void remove(Path home) throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      files.sorted(Comparator.reverseOrder()).forEach(PowerFailures::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
