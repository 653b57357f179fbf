/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.FileRange;
import org.facsim.array.Mutation;
import org.facsim.services.explain.CloneReport;

/**
 * What the array does for hosts, in any dialect. A dialect finds out who asks and what the export's
 * rules are, names files by {@link FileRef}, calls one of these methods and translates the outcome.
 * The dialect sees to it that a retransmitted request is executed at most once, because only its
 * wire can tell a retransmission from a new request.
 *
 * <p>A decorator of this interface sees every call of every dialect. No call blocks. All may run on
 * event loops, at the same time.
 *
 * <p>Expected failures are thrown as {@link OffloadFailure} with a {@link OffloadError}, and then
 * nothing was changed. A future fails with one, too; if it fails with anything else, the array has
 * a defect.
 */
public interface Offload {
  /**
   * Admits a host to an export, and says what the array enforces there.
   *
   * @throws OffloadFailure ACCESS (the export's rules), NOTSUPP (the dialect is not served there)
   */
  OffloadLimits admit(Initiator initiator);

  /**
   * Whether a primitive works on the export now.
   *
   * @throws OffloadFailure as {@link #admit}
   */
  Support support(Initiator initiator, Primitive primitive);

  /**
   * Starts a clone; a dry run only checks it.
   *
   * @throws OffloadFailure if the clone is refused and no job was made
   */
  StartedClone startClone(CloneOrder order);

  /**
   * Gives a range of a file the blocks of another range, in one step. The caller has had
   * delegations recalled.
   *
   * @return what was done to the destination: it is done already, unless a fault makes the clone
   *     take time. It may not be durable yet
   * @throws OffloadFailure CROSS_VOLUME, BUSY, TOO_MANY_CLONES; everything else fails the future:
   *     ACCESS_DENIED, INVALID_ARGUMENT (not aligned, beyond the source's end, overlapping),
   *     FILE_TOO_LARGE, NO_SPACE, STALE, LOST, ABORTED
   */
  CompletableFuture<Mutation> cloneRange(RangeOrder order);

  /**
   * Keeps the report of a clone that a door refused before it could order it.
   *
   * @param status what the host is told, by name
   * @param why in words
   */
  void notStarted(CloneReport report, String status, String why);

  /**
   * Keeps the report of a clone about which a fault decided when its call arrived, so that no door
   * ordered it.
   *
   * @param words which fault, and what it did
   * @param isKeptBack whether the call may still be executed
   */
  void notExecuted(CloneReport report, String words, boolean isKeptBack);

  /**
   * Judges a clone as {@link #startClone} would, without making it, and notes in the order's report
   * how that went.
   *
   * @return the order's report, which is not kept
   */
  CloneReport examine(CloneOrder order);

  /**
   * A job as it is now. The caller must know that the job is the host's own.
   *
   * <p>A job of an earlier run of the array is always LOST.
   *
   * @throws OffloadFailure JOB if it is unknown or long finished and forgotten
   */
  JobSnapshot job(long jobId);

  /** The job that began last for a destination, if it is still known. */
  Optional<JobSnapshot> lastJobInto(FileHandle destination);

  /**
   * Aborts a job if that is still possible; the answer says whether it was. The destination is then
   * as it was before the clone.
   *
   * @param caller who asks; root or the caller that asked for the clone may
   * @param reason why, for the log and for hosts that ask about the job
   * @throws OffloadFailure JOB; PERM if the clone is another caller's
   */
  JobSnapshot abort(long jobId, Caller caller, String reason);

  /**
   * Reserves space for a file.
   *
   * @param sizeBytes counted from the start of the file; the file grows to this size; 0 = its
   *     present size
   * @return how much is guaranteed from the start of the file: the size, or less if the array only
   *     claims to reserve
   * @throws OffloadFailure NOTSUPP, NOSPC, FBIG and those of files and permissions
   */
  CompletableFuture<ReservedSpace> reserveSpace(
      Initiator initiator, FileRef file, ReserveMode mode, long sizeBytes);

  /**
   * In what granularity a file is unmapped.
   *
   * @throws OffloadFailure NOTSUPP, BUSY and those of files
   */
  UnmapGranularity unmapGranularity(Initiator initiator, FileRef file);

  /**
   * Unmaps the whole granules within some ranges of a file, in one step. What is left of the ranges
   * at their edges stays as it is.
   *
   * @param ranges with any numbers, in any order
   * @throws OffloadFailure NOTSUPP, BUSY, INVAL (no or too many ranges, or one that is not within
   *     the file) and those of files and permissions
   */
  CompletableFuture<UnmappedSpace> unmap(Initiator initiator, FileRef file, List<FileRange> ranges);

  /**
   * The space of one regular file, exact at one moment.
   *
   * @throws OffloadFailure NOTSUPP and those of files
   */
  SpaceUse extendedStatistics(Initiator initiator, FileRef file);
}
