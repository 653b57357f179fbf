/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.facsim.array.FileHandle;
import org.facsim.array.NotedSpace;
import org.facsim.services.explain.Finding.Judgement;

/**
 * What the array noted while it judged one clone and made it.
 *
 * <p>The offload asks its own rules through {@link #ask}: all of them, also those behind the first
 * that fails, and {@link #decide} throws what the first one threw. So the report is the decision.
 * {@link Evidence} becomes words when somebody asks.
 *
 * <p>Every clone makes a report, so it is cheap: a bit for each judgement, one object for what was
 * looked at, and of the space only what is known without a walk of a map.
 *
 * <p>Until it is filed ({@link Explanations#file}) a report belongs to the thread of its call; from
 * then on it is thread-safe.
 */
public final class CloneReport {
  private static final int COUNT = Precondition.values().length;

  private final CloneRequestFacts request;
  private final CallSize wire;

  // A bit for each precondition, by its ordinal number. One is in one set at most.
  private int held;
  private int failed;
  private int left;

  /** What was looked at where a precondition holds, unless {@link #others} has more to say. */
  private Evidence looked = of -> "";

  /** For single preconditions, words or an {@link Evidence}; null if there are none. */
  private Object[] others;

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

  /** Of a destination that was named by its handle; empty of others. */
  private String destinationPath = "";

  private FileHandle source;
  private NotedSpace destinationBefore;
  private NotedSpace destinationAfter;
  private NotedSpace sourceBefore;
  private NotedSpace sourceAfter;
  private FileTransfers.Totals writtenBefore = FileTransfers.Totals.NONE;
  private long statusCalls;
  private long abortCalls;
  private boolean isFiled;

  /** Says what the array looked at. It is immutable and must not hold a file of the array. */
  @FunctionalInterface
  public interface Evidence {
    /** What was looked at for a precondition that holds, in words. */
    String words(Precondition of);
  }

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
      holds(precondition);
      return found;
    } catch (RuntimeException failure) {
      fails(precondition, failure);
      return null;
    }
  }

  /** As {@link #ask(Precondition, Supplier)}, for a rule that returns nothing. */
  public void require(Precondition precondition, Runnable rule) {
    try {
      rule.run();
      holds(precondition);
    } catch (RuntimeException failure) {
      fails(precondition, failure);
    }
  }

  /** A rule that was asked elsewhere failed. */
  public void fails(Precondition precondition, RuntimeException failure) {
    int bit = bit(precondition);
    if ((failed & bit) != 0) {
      return; // its first reason counts
    }
    if (firstFailure == null) {
      firstFailure = failure;
      firstFailed = precondition;
    }
    fails(precondition, String.valueOf(failure.getMessage()));
  }

  private void fails(Precondition precondition, String words) {
    int bit = bit(precondition);
    failed |= bit;
    held &= ~bit;
    left &= ~bit;
    other(precondition, words);
  }

  /** What the array looks at, for all preconditions that hold. */
  public void looksAt(Evidence evidence) {
    looked = evidence;
  }

  /** A precondition holds, unless it was judged before. */
  public void holds(Precondition precondition) {
    int bit = bit(precondition);
    if (((failed | left) & bit) == 0) {
      held |= bit;
    }
  }

  /** As {@link #holds(Precondition)}, with evidence of its own. */
  public void holds(Precondition precondition, Evidence evidence) {
    holds(precondition);
    if ((held & bit(precondition)) != 0) {
      other(precondition, evidence);
    }
  }

  /** A precondition that cannot be judged, or need not be. */
  public void leaves(Precondition precondition, String because) {
    int bit = bit(precondition);
    if (((held | failed | left) & bit) == 0) {
      left |= bit;
      other(precondition, because);
    }
  }

  @SuppressWarnings("EnumOrdinal") // in this object only
  private static int bit(Precondition of) {
    return 1 << of.ordinal();
  }

  @SuppressWarnings("EnumOrdinal") // in this object only
  private void other(Precondition of, Object evidence) {
    if (others == null) {
      others = new Object[COUNT];
    }
    others[of.ordinal()] = evidence;
  }

  /**
   * A fault is injected into the job. If the job ends badly, the fault counts as the reason.
   *
   * @param label of the fault
   */
  public void meetsFault(String label) {
    meetsFault = true;
    other(Precondition.FAULT, "a fault makes the job go otherwise: " + label);
  }

  /** Throws what the first rule that failed threw; returns if all hold. */
  public void decide() {
    if (firstFailure != null) {
      throw firstFailure;
    }
  }

  // ---------------------------------------------------------------- what is found out beside it

  /** The files are known; null for one that is not. */
  public synchronized void files(FileHandle sourceFile, FileHandle destinationFile) {
    source = sourceFile;
    destination = destinationFile;
  }

  /** The path that a destination has which was named by its handle. */
  public synchronized void destinationPath(String path) {
    destinationPath = path;
  }

  /** Empty unless the destination was named by its handle, and had a path. */
  public synchronized String destinationPath() {
    return destinationPath;
  }

  /** The ledger just before; null for a file that is not there. */
  public synchronized void costBefore(NotedSpace ofSource, NotedSpace ofDestination) {
    sourceBefore = ofSource;
    destinationBefore = ofDestination;
  }

  /** The ledger right after the contents were put in place; null for a file that is gone. */
  public synchronized void costAfter(NotedSpace ofSource, NotedSpace ofDestination) {
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

  /**
   * A fault decided about the call when it arrived, so that the array never judged it.
   *
   * @param words which fault, and what it did
   * @param isKeptBack whether the array may still execute the call
   */
  public synchronized void notExecuted(String words, boolean isKeptBack) {
    outcome = isKeptBack ? CloneOutcome.UNDER_WAY : CloneOutcome.NOT_EXECUTED;
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
      holds(Precondition.COMPLETION);
    } else if (meetsFault) {
      firstFailed = Precondition.FAULT;
      failed |= bit(Precondition.FAULT);
      held &= ~bit(Precondition.FAULT);
      fails(Precondition.COMPLETION, words);
    } else {
      firstFailed = Precondition.COMPLETION;
      fails(Precondition.COMPLETION, words);
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
      findings.add(new Finding(each, judgement(each), words(each)));
    }
    return findings;
  }

  private Judgement judgement(Precondition of) {
    int bit = bit(of);
    if ((failed & bit) != 0) {
      return of == firstFailed ? Judgement.FAILED : Judgement.WOULD_ALSO_FAIL;
    }
    return (held & bit) == 0 ? Judgement.NOT_EVALUATED : Judgement.HOLDS;
  }

  @SuppressWarnings("EnumOrdinal") // in this object only
  private String words(Precondition of) {
    int bit = bit(of);
    if (((held | failed | left) & bit) != 0) {
      Object own = others == null ? null : others[of.ordinal()];
      if (own instanceof String words) {
        return words;
      }
      if (of == Precondition.COMPLETION) {
        return reason;
      }
      return (own == null ? looked : (Evidence) own).words(of);
    }
    if (of == Precondition.COMPLETION) {
      return outcome == CloneOutcome.UNDER_WAY && jobId != 0
          ? "the job has not ended"
          : "no job was made";
    }
    return firstFailed == null
        ? "this way of asking does not need it"
        : "the array never came so far, because '" + firstFailed.label() + "' failed";
  }
}
