/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * Why an offload was refused, or why a clone job ended badly: every outcome but success. Each door
 * translates it once, with an exhaustive switch. A refusal has changed nothing.
 */
public enum OffloadError {
  /** Only root and the caller that asked for the clone may do this. */
  NOT_PERMITTED,
  NOT_FOUND,
  /** The medium failed; a host sees an error of the file. */
  IO,
  /** Permission bits or the export's rules forbid it. */
  ACCESS_DENIED,
  /** The clone is guarded and its destination exists. */
  EXISTS,
  /**
   * The file is on another volume than the export's, and the array does not offload between
   * volumes.
   */
  CROSS_VOLUME,
  NOT_DIRECTORY,
  IS_DIRECTORY,
  /** An argument is out of range; the reason names it. */
  INVALID_ARGUMENT,
  FILE_TOO_LARGE,
  /** The volume or the array is full. */
  NO_SPACE,
  /** The export is read-only for this client. */
  READ_ONLY,
  NAME_TOO_LONG,
  /** The handle's file is gone. */
  STALE,
  /** The array never issued this handle. */
  BAD_HANDLE,
  /** The volume's profile does not offer the primitive, or not in this dialect. */
  NOT_SUPPORTED,
  /** A defect of the array; its log has more. */
  DEFECT,
  /** The file is neither a regular file nor a directory. */
  WRONG_TYPE,
  /** Another clone is in the way, or a controller takes over; the host may ask again. */
  BUSY,
  /** There would be more fast clones of each other in a row than the profile allows. */
  TOO_DEEP,
  /** There would be more clones under way than the volume, the client or the array may have. */
  TOO_MANY_CLONES,
  /** The session is unknown, ended or expired. */
  UNKNOWN_SESSION,
  TOO_MANY_SESSIONS,
  /** The version of the door's protocol or of the host's file system is not served. */
  VERSION_NOT_SERVED,
  /** A request id was used for something else, or is too old to be remembered. */
  REQUEST_REUSED,
  /** There is no such clone job, or it is not of this session. */
  UNKNOWN_JOB,
  /** The clone job was aborted. */
  ABORTED,
  /** The array restarted or was restored before the job's end, and did not resume the job. */
  LOST
}
