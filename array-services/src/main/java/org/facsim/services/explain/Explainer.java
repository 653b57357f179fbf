/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.FileSpace;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.StorageArray;
import org.facsim.services.explain.Explanation.Moved;
import org.facsim.services.explain.Explanation.Source;
import org.facsim.services.explain.FileTransfers.ByClient;
import org.facsim.services.explain.FileTransfers.OfFile;
import org.facsim.services.explain.FileTransfers.Totals;
import org.facsim.services.explain.HostQuestions.Answer;
import org.facsim.services.paths.FilePaths;

/**
 * Answers whether a file was offloaded, and if not, why not. Puts together what the array
 * remembers: reports of clones, transfers over NFS, answers to support queries, and the ledger. May
 * search directories and wait for a volume's lock, so it belongs on no event loop. Thread-safe.
 */
public final class Explainer {
  /** Files shown that a client read while it wrote another. */
  private static final int MAX_SOURCES = 8;

  /** A read that ended so long before the first WRITE may still have been for it. */
  private static final long BEFORE_MILLIS = 5_000;

  private final StorageArray array;
  private final Explanations memory;
  private final FileNames names;
  private final Trial trial;
  private final List<Teller> tellers = new CopyOnWriteArrayList<>();

  /** Judges by the offload's own rules what a host did not ask for. */
  @FunctionalInterface
  public interface Trial {
    /**
     * How a full clone would be judged now.
     *
     * @param client the host's address; the loopback address if it is not told apart
     * @param sourceOrNull null if it is not known
     */
    CloneReport judge(InetAddress client, Inode sourceOrNull, Inode destination);
  }

  public Explainer(StorageArray array, Explanations memory, Trial trial) {
    this.array = Objects.requireNonNull(array);
    this.memory = Objects.requireNonNull(memory);
    this.trial = Objects.requireNonNull(trial);
    this.names = new FileNames(array);
  }

  /** Adds somebody who knows more of clones than the array does. */
  public void add(Teller teller) {
    tellers.add(Objects.requireNonNull(teller));
  }

  /**
   * Explains a file by its path, for example {@code /datastore1/vm/clone-flat.vmdk}.
   *
   * @return empty if there is no such file and no clone of this name is remembered
   * @throws ArrayException INVALID_ARGUMENT if the path has no file name, IS_DIRECTORY
   */
  public Optional<Explanation> ofPath(String path) {
    FileNames.Split split = FileNames.Split.of(path);
    if (split.below().isEmpty()) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "'" + path + "' names no file; allowed: a path such as /datastore1/vm/clone-flat.vmdk");
    }
    String clean = "/" + split.volume() + "/" + split.below();
    Optional<Inode> found = names.find(split);
    if (found.isEmpty()) {
      return memory
          .lastNamed(split.volume(), split.below())
          .map(report -> told(ofReport(report, clean, null)));
    }
    Inode file = found.get();
    if (file.attributes().type() == FileType.DIRECTORY) {
      throw new ArrayException(
          ArrayError.IS_DIRECTORY, "'" + clean + "' is a directory; allowed: a file");
    }
    FileHandle key = file.handle();
    return Optional.of(
        told(
            memory
                .lastInto(key)
                .map(report -> ofReport(report, clean, file))
                .orElseGet(() -> withoutClone(clean, file, key))));
  }

  /** Explains a clone by its job; empty if the job is not remembered. */
  public Optional<Explanation> ofJob(long jobId) {
    return memory.ofJob(jobId).map(this::of).map(this::told);
  }

  /**
   * Where the files of a clone are now, as clients' paths.
   *
   * @param source empty if it is not known or gone
   * @param destination likewise
   */
  public record Paths(Optional<String> source, Optional<String> destination) {}

  /** Where the files of a clone are, however the host named them. May search directories. */
  public Paths pathsOf(CloneReport report) {
    return new Paths(
        report.source().flatMap(names::find).flatMap(FilePaths::of),
        report.destination().flatMap(names::find).flatMap(FilePaths::of));
  }

  private Explanation of(CloneReport report) {
    Optional<Inode> file = report.destination().flatMap(names::find);
    String subject =
        file.flatMap(FilePaths::of)
            .orElseGet(
                () -> "/" + report.request().volume() + "/" + report.request().destination());
    return ofReport(report, subject, file.orElse(null));
  }

  private Explanation told(Explanation array) {
    List<Explanation.Section> sections = new ArrayList<>();
    tellers.forEach(teller -> sections.addAll(teller.tell(array)));
    return sections.isEmpty()
        ? array
        : new Explanation(
            array.subject(),
            array.outcome(),
            array.headline(),
            array.kind(),
            array.client(),
            array.dialect(),
            array.jobId(),
            array.at(),
            array.status(),
            array.firstFailed(),
            array.preconditions(),
            array.moved(),
            array.cost(),
            array.sourceNow(),
            array.spaceNow(),
            array.advice(),
            sections);
  }

  // ---------------------------------------------------------------- a clone that was asked for

  private Explanation ofReport(CloneReport report, String subject, Inode fileOrNull) {
    boolean isUndone = report.isUndone(array.restoreCount());
    CloneOutcome outcome = isUndone ? CloneOutcome.LOST : report.outcome();
    Moved moved = moved(report);
    return new Explanation(
        subject,
        outcome,
        Headlines.of(report, outcome, subject, moved, isUndone),
        report.request().kind(),
        report.request().client(),
        report.request().dialect(),
        report.jobId() == 0 ? Optional.empty() : Optional.of(report.jobId()),
        Optional.of(report.at()),
        report.status(),
        report.firstFailed(),
        report.findings(),
        moved,
        report.cost(),
        space(report.source().flatMap(names::find).orElse(null)),
        space(fileOrNull),
        Advice.of(report, outcome, moved, isUndone),
        List.of());
  }

  private Moved moved(CloneReport report) {
    Optional<OfFile> transfers = report.destination().flatMap(memory.transfers()::of);
    Totals all = transfers.map(OfFile::written).orElse(Totals.NONE);
    Totals since = all.calls() == 0 ? Totals.NONE : all.minus(report.writtenBefore());
    return new Moved(
        1,
        report.wire().map(CallSize::argumentBytes).orElse(0L),
        report.wire().map(CallSize::resultBytes).orElse(0L),
        report.statusCalls(),
        report.abortCalls(),
        report.sharedBytes(),
        report.copiedBytes(),
        Math.max(0, since.calls()),
        Math.max(0, since.bytes()),
        transfers.map(OfFile::clients).orElse(List.of()),
        report.outcome().isOffloaded()
            ? List.of()
            : transfers.map(this::sources).orElse(List.of()));
  }

  private static Optional<FileSpace> space(Inode fileOrNull) {
    try {
      return Optional.ofNullable(fileOrNull).map(file -> file.volume().space().of(file));
    } catch (ArrayException gone) {
      return Optional.empty();
    }
  }

  // ---------------------------------------------------------------- a file without a clone

  private Explanation withoutClone(String subject, Inode file, FileHandle key) {
    Optional<OfFile> transfers = memory.transfers().of(key);
    Totals written = transfers.map(OfFile::written).orElse(Totals.NONE);
    boolean isWritten = written.calls() > 0;
    String client = isWritten ? mainWriter(transfers.get()).client() : "";
    List<Source> sources = transfers.map(this::sources).orElse(List.of());
    Optional<CloneReport> judged =
        isWritten ? Optional.of(judge(client, transfers.get(), file)) : Optional.empty();
    Optional<FileSpace> space = space(file);
    List<Answer> answers = memory.questions().of(client, file.volume().name());
    return new Explanation(
        subject,
        isWritten ? CloneOutcome.WRITTEN : CloneOutcome.UNKNOWN,
        isWritten
            ? Headlines.written(subject, client, written)
            : Headlines.unknown(subject, space.map(FileSpace::sharedBytes).orElse(0L)),
        "",
        client,
        "",
        Optional.empty(),
        Optional.empty(),
        "",
        judged.flatMap(CloneReport::firstFailed),
        judged.map(report -> findings(report, sources)).orElse(List.of()),
        new Moved(
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            written.calls(),
            written.bytes(),
            transfers.map(OfFile::clients).orElse(List.of()),
            sources),
        new CloneCost(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
        Optional.empty(),
        space,
        Advice.withoutClone(judged, answers, sources),
        isWritten ? List.of(Advice.asked(client, answers)) : List.of());
  }

  private static ByClient mainWriter(OfFile transfers) {
    return transfers.clients().stream()
        .max(Comparator.comparingLong(ByClient::writtenBytes))
        .orElseThrow();
  }

  /** By the file that the host read most of, if it was of this array. */
  private CloneReport judge(String client, OfFile transfers, Inode destination) {
    Inode source =
        readMeanwhile(transfers, client).stream()
            .findFirst()
            .flatMap(read -> names.find(read.file()))
            .orElse(null);
    InetAddress address =
        memory
            .transfers()
            .addressOf(transfers.file(), client)
            .orElseGet(InetAddress::getLoopbackAddress);
    return trial.judge(address, source, destination);
  }

  private static List<Finding> findings(CloneReport judged, List<Source> sources) {
    List<Finding> findings = new ArrayList<>();
    for (Finding each : judged.findings()) {
      boolean isSource = each.precondition() == Precondition.SOURCE;
      if (isSource && sources.isEmpty()) {
        findings.add(
            new Finding(
                Precondition.SOURCE,
                Finding.Judgement.NOT_EVALUATED,
                "the host read no file of this array meanwhile"));
      } else if (isSource && sources.size() > 1) {
        findings.add(
            new Finding(
                Precondition.SOURCE,
                each.judgement(),
                each.evidence() + "; the host read " + sources.size() + " files meanwhile"));
      } else {
        findings.add(each);
      }
    }
    return findings;
  }

  private List<OfFile> readMeanwhile(OfFile written, String client) {
    ByClient writer =
        written.clients().stream()
            .filter(each -> each.client().equals(client))
            .findFirst()
            .orElseThrow();
    return memory
        .transfers()
        .readBy(client, writer.firstMillis() - BEFORE_MILLIS, writer.lastMillis(), written.file());
  }

  private List<Source> sources(OfFile written) {
    List<Source> sources = new ArrayList<>();
    for (ByClient writer : written.clients()) {
      if (writer.writes() == 0) {
        continue;
      }
      readMeanwhile(written, writer.client()).stream()
          .limit(MAX_SOURCES)
          .forEach(read -> sources.add(source(read, writer.client())));
    }
    return sources.stream().limit(MAX_SOURCES).toList();
  }

  private Source source(OfFile read, String client) {
    ByClient by =
        read.clients().stream()
            .filter(each -> each.client().equals(client))
            .findFirst()
            .orElseThrow();
    return new Source(names.path(read.file()), client, by.reads(), by.readBytes());
  }
}
