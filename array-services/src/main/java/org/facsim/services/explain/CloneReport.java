/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.facsim.array.FileHandle;
import org.facsim.array.FileSpace;
import org.facsim.services.explain.Finding.Judgement;

/**
 * What the array noted while it judged one clone and made it.
 *
 * <p>The offload asks its own rules through {@link #ask}: all of them, also those behind the first
 * that fails, and {@link #decide} throws what the first one threw. So the report is the decision.
 * Evidence is kept as a supplier and becomes words when somebody asks; it must not hold a file of
 * the array.
 *
 * <p>Until it is filed ({@link Explanations#file}) a report belongs to the thread of its call; from
 * then on it is thread-safe.
 */
public final class CloneReport {
  private final CloneRequestFacts request;
  private final CallSize wire;
  private final Map<Precondition, Judgement> judgements = new EnumMap<>(Precondition.class);

  /** Words, or a supplier of them. */
  private final Map<Precondition, Object> evidence = new EnumMap<>(Precondition.class);

  private RuntimeException firstFailure;
  private Precondition firstFailed;
  private boolean meetsFault;

  // Guarded by this from the time at which the report is filed.
  private Instant at = Instant.EPOCH;
  private long jobId;
  private long restoreCount;
  private CloneOutcome outcome = CloneOutcome.UNDER_WAY;
  private String status = "";
  private String reason = "";
  private long totalBytes;
  private long sharedBytes;
  private long copiedBytes;
  private FileHandle destination;
  private FileHandle source;
  private FileSpace destinationBefore;
  private FileSpace destinationAfter;
  private FileSpace sourceBefore;
  private FileSpace sourceAfter;
  private FileTransfers.Totals writtenBefore = FileTransfers.Totals.NONE;
  private long statusCalls;
  private long abortCalls;
  private boolean isFiled;

  /**
   * @param wire null if the door does not count
   */
  public CloneReport(CloneRequestFacts request, CallSize wire) {
    this.request = Objects.requireNonNull(request);
    this.wire = wire;
  }

  // ---------------------------------------------------------------- while the array judges

  /**
   * Asks a rule of the offload.
   *
   * @param rule throws if the precondition does not hold
   * @return what the rule returns; null if it threw
   */
  public <T> T ask(Precondition precondition, Supplier<T> rule) {
    try {
      T found = rule.get();
      if (judgements.get(precondition) == null) {
        judgements.put(precondition, Judgement.HOLDS);
      }
      return found;
    } catch (RuntimeException failure) {
      fails(precondition, failure);
      return null;
    }
  }

  /** As {@link #ask(Precondition, Supplier)}, for a rule that returns nothing. */
  public boolean require(Precondition precondition, Runnable rule) {
    Boolean held =
        ask(
            precondition,
            () -> {
              rule.run();
              return true;
            });
    return held != null;
  }

  /** A rule that was asked elsewhere failed. */
  public void fails(Precondition precondition, RuntimeException failure) {
    Judgement before = judgements.get(precondition);
    if (before == Judgement.FAILED || before == Judgement.WOULD_ALSO_FAIL) {
      return; // its first reason counts
    }
    if (firstFailure == null) {
      firstFailure = failure;
      firstFailed = precondition;
      judgements.put(precondition, Judgement.FAILED);
    } else {
      judgements.put(precondition, Judgement.WOULD_ALSO_FAIL);
    }
    evidence.put(precondition, String.valueOf(failure.getMessage()));
  }

  /** What was looked at; does not replace the reason of a failure. */
  public void shows(Precondition precondition, Supplier<String> words) {
    if (judgements.get(precondition) == Judgement.HOLDS) {
      evidence.put(precondition, words);
    }
  }

  /** A precondition that holds by itself. */
  public void holds(Precondition precondition, Supplier<String> words) {
    if (judgements.get(precondition) == null) {
      judgements.put(precondition, Judgement.HOLDS);
    }
    shows(precondition, words);
  }

  /** A precondition that cannot be judged, or need not be. */
  public void leaves(Precondition precondition, String because) {
    if (judgements.get(precondition) == null) {
      judgements.put(precondition, Judgement.NOT_EVALUATED);
      evidence.put(precondition, because);
    }
  }

  /**
   * A fault is injected into the job. If the job ends badly, the fault counts as the reason.
   *
   * @param label of the fault
   */
  public void meetsFault(String label) {
    meetsFault = true;
    shows(Precondition.FAULT, () -> "a fault makes the job go otherwise: " + label);
  }

  /** Whether nothing has failed so far. */
  public boolean isFaultless() {
    return firstFailure == null;
  }

  /** Throws what the first rule that failed threw; returns if all hold. */
  public void decide() {
    if (firstFailure != null) {
      throw firstFailure;
    }
  }

  // ---------------------------------------------------------------- what is found out beside it

  /** The files are known. */
  public synchronized void files(FileHandle sourceFile, FileHandle destinationFile) {
    source = sourceFile;
    destination = destinationFile;
  }

  /** The ledger just before; null for a destination that is to be made. */
  public synchronized void costBefore(FileSpace ofSource, FileSpace ofDestination) {
    sourceBefore = ofSource;
    destinationBefore = ofDestination;
  }

  /** The ledger right after the contents were put in place. */
  public synchronized void costAfter(FileSpace ofSource, FileSpace ofDestination) {
    sourceAfter = ofSource;
    destinationAfter = ofDestination;
  }

  /** A job was made. */
  public synchronized void isJob(long id, long arrayRestoreCount) {
    jobId = id;
    restoreCount = arrayRestoreCount;
  }

  /** No job was made. */
  public synchronized void refused(String statusName, String words) {
    outcome = CloneOutcome.REFUSED;
    status = statusName;
    reason = words;
  }

  /** The dry run found no fault. */
  public synchronized void ranDry(long sourceBytes) {
    outcome = CloneOutcome.DRY_RUN;
    totalBytes = sourceBytes;
  }

  /**
   * The job has ended.
   *
   * @param statusName empty if it ended well
   */
  public synchronized void ended(
      CloneOutcome how, String statusName, String words, long total, long shared, long copied) {
    outcome = how;
    status = statusName;
    reason = words;
    totalBytes = total;
    sharedBytes = shared;
    copiedBytes = copied;
    if (how.isOffloaded()) {
      holds(Precondition.COMPLETION, () -> words);
    } else if (meetsFault) {
      firstFailed = Precondition.FAULT;
      judgements.put(Precondition.FAULT, Judgement.FAILED);
      judgements.put(Precondition.COMPLETION, Judgement.WOULD_ALSO_FAIL);
      evidence.put(Precondition.COMPLETION, words);
    } else {
      firstFailed = Precondition.COMPLETION;
      judgements.put(Precondition.COMPLETION, Judgement.FAILED);
      evidence.put(Precondition.COMPLETION, words);
    }
  }

  /** The host asked how the job stands. */
  public synchronized void asked() {
    statusCalls++;
  }

  /** The host asked to abort it. */
  public synchronized void askedToAbort() {
    abortCalls++;
  }

  // ---------------------------------------------------------------- for Explanations

  synchronized boolean file(Instant now, FileTransfers.Totals written) {
    if (isFiled) {
      return false;
    }
    isFiled = true;
    at = now;
    writtenBefore = written;
    return true;
  }

  synchronized FileTransfers.Totals writtenBefore() {
    return writtenBefore;
  }

  synchronized void writtenBefore(FileTransfers.Totals written) {
    writtenBefore = written;
  }

  // ---------------------------------------------------------------- for readers

  /** Whether the array was restored to a named state since, so that what the job did is undone. */
  boolean isUndone(long arrayRestoreCount) {
    return jobId() != 0
        && restoreCount() != arrayRestoreCount
        && (outcome().isOffloaded() || outcome() == CloneOutcome.UNDER_WAY);
  }

  /** What was asked, and by whom. */
  public CloneRequestFacts request() {
    return request;
  }

  /** What the call took on the wire; empty if the door did not count. */
  public Optional<CallSize> wire() {
    return Optional.ofNullable(wire);
  }

  /** When it was decided, by the array's clock. */
  public synchronized Instant at() {
    return at;
  }

  /** 0 if no job was made. */
  public synchronized long jobId() {
    return jobId;
  }

  /** Of the array when the job was made. */
  public synchronized long restoreCount() {
    return restoreCount;
  }

  public synchronized CloneOutcome outcome() {
    return outcome;
  }

  /**
   * The precondition that decided; empty as long as the clone is not refused and has not failed.
   */
  public synchronized Optional<Precondition> firstFailed() {
    return Optional.ofNullable(firstFailed);
  }

  /** The array's error by name; empty if there is none. */
  public synchronized String status() {
    return status;
  }

  /** Why it was refused, or how the job ended. */
  public synchronized String reason() {
    return reason;
  }

  /** The source's size; 0 if it is not known. */
  public synchronized long totalBytes() {
    return totalBytes;
  }

  /** Mapped and shared, so that they took no space. */
  public synchronized long sharedBytes() {
    return sharedBytes;
  }

  /** Copied or zeroed inside the array. */
  public synchronized long copiedBytes() {
    return copiedBytes;
  }

  /** Where the clone goes; empty if there is no such file. */
  public synchronized Optional<FileHandle> destination() {
    return Optional.ofNullable(destination);
  }

  public synchronized Optional<FileHandle> source() {
    return Optional.ofNullable(source);
  }

  /** How the space was before and after. */
  public synchronized CloneCost cost() {
    return new CloneCost(
        Optional.ofNullable(sourceBefore),
        Optional.ofNullable(sourceAfter),
        Optional.ofNullable(destinationBefore),
        Optional.ofNullable(destinationAfter));
  }

  /** How often the host asked about the job. */
  public synchronized long statusCalls() {
    return statusCalls;
  }

  /** How often somebody asked to abort the job. */
  public synchronized long abortCalls() {
    return abortCalls;
  }

  /** Every precondition, in the order of the list. */
  public synchronized List<Finding> findings() {
    List<Finding> findings = new ArrayList<>();
    for (Precondition each : Precondition.values()) {
      findings.add(
          new Finding(each, judgements.getOrDefault(each, Judgement.NOT_EVALUATED), words(each)));
    }
    return findings;
  }

  private String words(Precondition of) {
    Object seen = evidence.get(of);
    if (seen instanceof Supplier<?> supplier) {
      return String.valueOf(supplier.get());
    }
    if (seen != null) {
      return seen.toString();
    }
    if (judgements.containsKey(of)) {
      return "";
    }
    if (of == Precondition.COMPLETION) {
      return outcome == CloneOutcome.UNDER_WAY ? "the job has not ended" : "no job was made";
    }
    return firstFailed == null
        ? "this way of asking does not need it"
        : "the array never came so far, because '" + firstFailed.label() + "' failed";
  }
}
