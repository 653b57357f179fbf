/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.facsim.array.FileHandle;

/**
 * The reports of clones that the array remembers, and how often clones came out how.
 *
 * <p>Bounded: the last {@value #MAX_REPORTS} of all, dry runs and refusals included, and moreover
 * the last one into each of the {@value #MAX_DESTINATIONS} files that clones went into last. In
 * memory only: the end of the process forgets the reports, the transfers and the counts; a
 * takeover, a power failure and a restart in place do not. Thread-safe.
 */
public final class Explanations {
  /** Reports remembered in any case. */
  public static final int MAX_REPORTS = 2048;

  /** Files whose last clone is remembered. */
  public static final int MAX_DESTINATIONS = 8192;

  /** Combinations that are counted apart; further ones count for the volume {@code others}. */
  private static final int MAX_COUNTS = 4096;

  private final InstantSource clock;
  private final FileTransfers transfers;
  private final HostQuestions questions;
  private final Map<Counted, LongAdder> counts = new ConcurrentHashMap<>();
  private final LongAdder cameOut = new LongAdder();

  /** The questions that clones answer, by their few kinds, so that a clone makes no string. */
  private final Map<String, String> kindsInWords = new ConcurrentHashMap<>();

  private volatile Consumer<CloneReport> listener = report -> {};

  // Guarded by this.
  private final ArrayDeque<CloneReport> last = new ArrayDeque<>();
  private final Map<FileHandle, CloneReport> byDestination =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FileHandle, CloneReport> eldest) {
          return size() > MAX_DESTINATIONS;
        }
      };

  public Explanations(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock);
    this.transfers = new FileTransfers(clock);
    this.questions = new HostQuestions(clock);
  }

  /**
   * A way in which clones came out.
   *
   * @param volume of the destination; empty if it is not known
   * @param firstFailed empty if all preconditions held
   */
  public record Counted(
      String volume, String dialect, CloneOutcome outcome, Optional<Precondition> firstFailed) {}

  /**
   * How often.
   *
   * @param clones since the array started
   */
  public record Count(Counted of, long clones) {}

  /** What is read and written over NFS; its doors tell it. */
  public FileTransfers transfers() {
    return transfers;
  }

  /** What hosts asked before they cloned. */
  public HostQuestions questions() {
    return questions;
  }

  /** Sets who is told of each clone that has come out, on the thread that made it so. */
  public void tell(Consumer<CloneReport> newListener) {
    listener = Objects.requireNonNull(newListener);
  }

  /** Keeps a report: its clone is decided. Filing it again does nothing. */
  public void file(CloneReport report) {
    Optional<FileHandle> destination = report.destination();
    FileTransfers.Totals written =
        destination.map(transfers::writtenTo).orElse(FileTransfers.Totals.NONE);
    if (!report.file(clock.instant(), written)) {
      return;
    }
    asked(report);
    synchronized (this) {
      if (last.size() == MAX_REPORTS) {
        last.removeFirst();
      }
      last.addLast(report);
      if (!report.request().isDryRun()) {
        destination.ifPresent(file -> isLastInto(report, file));
      }
    }
    if (report.outcome().isFinal()) {
      cameOut(report);
    }
  }

  /** Whoever asks for a clone has a plugin, also if it never asks whether clones are supported. */
  private void asked(CloneReport report) {
    CloneRequestFacts request = report.request();
    if (!request.volume().isEmpty()) {
      questions.answered(
          request.client(),
          request.volume(),
          new HostQuestions.Answer(
              report.at(),
              request.dialect(),
              inWords(request.kind()),
              report.outcome() != CloneOutcome.REFUSED
                  && report.outcome() != CloneOutcome.NOT_EXECUTED,
              report.reason()));
    }
  }

  private String inWords(String kind) {
    return kindsInWords.computeIfAbsent(kind, asked -> "to make a " + asked);
  }

  private void isLastInto(CloneReport report, FileHandle file) {
    if (byDestination.get(file) == report) {
      return; // since it was filed
    }
    byDestination.remove(file);
    byDestination.put(file, report);
  }

  /** The job of a report that was filed has ended. */
  public void ended(CloneReport report) {
    report
        .destination()
        .ifPresent(
            file -> {
              report.writtenBefore(transfers.writtenTo(file));
              synchronized (this) {
                isLastInto(report, file);
              }
            });
    cameOut(report);
  }

  private void cameOut(CloneReport report) {
    Counted counted =
        new Counted(
            report.request().volume(),
            report.request().dialect(),
            report.outcome(),
            report.firstFailed());
    LongAdder known = counts.get(counted);
    if (known == null) {
      Counted key =
          counts.size() < MAX_COUNTS
              ? counted
              : new Counted("others", counted.dialect, counted.outcome, counted.firstFailed);
      known = counts.computeIfAbsent(key, made -> new LongAdder());
    }
    known.increment();
    cameOut.increment();
    listener.accept(report);
  }

  /** How clones came out so far. */
  public List<Count> counts() {
    List<Count> now = new ArrayList<>();
    counts.forEach((of, adder) -> now.add(new Count(of, adder.sum())));
    return now;
  }

  /** How many clones came out so far; a number that differs as soon as another one did. */
  public long countCameOut() {
    return cameOut.sum();
  }

  /**
   * What a file got its contents from, if the last clone into it was made.
   *
   * @return empty if none is remembered
   */
  public synchronized Optional<FileHandle> sourceOf(FileHandle clone) {
    return Optional.ofNullable(byDestination.get(clone))
        .filter(report -> report.outcome().isOffloaded())
        .flatMap(CloneReport::source);
  }

  /** The last reports, the newest last. */
  public synchronized List<CloneReport> last() {
    return List.copyOf(last);
  }

  /** The last clone into a file that was no dry run; else the last dry run that is remembered. */
  public synchronized Optional<CloneReport> lastInto(FileHandle file) {
    CloneReport known = byDestination.get(file);
    return known != null
        ? Optional.of(known)
        : newest(report -> report.destination().filter(file::equals).isPresent());
  }

  /** The report of a job. */
  public synchronized Optional<CloneReport> ofJob(long jobId) {
    Optional<CloneReport> recent = newest(report -> report.jobId() == jobId);
    return recent.isPresent()
        ? recent
        : byDestination.values().stream().filter(report -> report.jobId() == jobId).findFirst();
  }

  /**
   * The last clone that named a destination by a path of a volume, whether there is such a file or
   * not.
   *
   * @param path below the volume's root
   */
  public synchronized Optional<CloneReport> lastNamed(String volume, String path) {
    return newest(
        report ->
            report.request().volume().equals(volume)
                && (withoutSlashes(report.request().destination()).equals(withoutSlashes(path))
                    || withoutSlashes(report.destinationPath())
                        .equals(volume + "/" + withoutSlashes(path))));
  }

  private static String withoutSlashes(String path) {
    return path.replaceAll("^/+|/+$", "").replaceAll("/{2,}", "/");
  }

  private Optional<CloneReport> newest(Predicate<CloneReport> isIt) {
    for (var each = last.descendingIterator(); each.hasNext(); ) {
      CloneReport report = each.next();
      if (isIt.test(report)) {
        return Optional.of(report);
      }
    }
    return Optional.empty();
  }
}
