/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.services.explain.CloneReport;

/**
 * What the array does for hosts, whatever they speak. A dialect finds out who asks and what the
 * export's rules are, names files by {@link FileRef}, calls one of these and translates the
 * outcome. At most once under retransmission is the dialect's affair, since only its wire knows a
 * retransmission from a new request.
 *
 * <p>Decorators (faults, journal, latency) wrap this interface and so see every call of every
 * dialect. No call blocks; all may run on event loops, at the same time.
 *
 * <p>Expected failures are thrown as {@link OffloadFailure} with a {@link OffloadError}, and then
 * nothing was changed. A future fails with one, too; with anything else only for a defect of the
 * array.
 */
public interface Offload {
  /**
   * Lets a host in on an export, and tells what the array enforces there.
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
   * Starts a clone, or for a dry run just checks it.
   *
   * @throws OffloadFailure if the clone is refused and no job was made
   */
  StartedClone startClone(CloneOrder order);

  /**
   * Keeps the report of a clone that a door refused before it could order it.
   *
   * @param why what the host is told
   */
  void notStarted(CloneReport report, OffloadFailure why);

  /**
   * Judges a clone as {@link #startClone} would, without making it, and notes in the order's report
   * how that went.
   *
   * @return the order's report, which is not kept
   */
  CloneReport examine(CloneOrder order);

  /**
   * A job as it is now. Whoever asks must know that the job is the host's own.
   *
   * <p>A job of an earlier run of the array is LOST, whatever became of it.
   *
   * @throws OffloadFailure JOB if it is unknown or long finished and forgotten
   */
  JobSnapshot job(long jobId);

  /** The job that began last for a destination, if it is still known. */
  Optional<JobSnapshot> lastJobInto(FileHandle destination);

  /**
   * Aborts a job if that is still possible; the answer tells. The destination is as it was then.
   *
   * @param caller who asks: root, or whoever asked for the clone
   * @param reason for the log and for whoever asks about the job
   * @throws OffloadFailure JOB; PERM for anybody else's clone
   */
  JobSnapshot abort(long jobId, Caller caller, String reason);

  /**
   * Sees to it that a file's space is there.
   *
   * @param sizeBytes from the start of the file, which grows to it; 0 = its present size
   * @return what is guaranteed from the start of the file on: the size, or less if the array only
   *     says that it reserves
   * @throws OffloadFailure NOTSUPP, NOSPC, FBIG and those of files and permissions
   */
  CompletableFuture<ReservedSpace> reserveSpace(
      Initiator initiator, FileRef file, ReserveMode mode, long sizeBytes);

  /**
   * The space of one regular file, exact at one moment.
   *
   * @throws OffloadFailure NOTSUPP and those of files
   */
  SpaceUse extendedStatistics(Initiator initiator, FileRef file);
}
