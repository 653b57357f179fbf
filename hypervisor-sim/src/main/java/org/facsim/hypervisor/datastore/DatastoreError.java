/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** The failures of file operations that a host distinguishes. */
public enum DatastoreError {
  NOT_FOUND,
  ALREADY_EXISTS,
  ACCESS_DENIED,
  READ_ONLY,
  DISK_FULL,
  TOO_LARGE,
  NOT_EMPTY,
  STALE,
  /** The file exists, but its contents are not what the host expects. */
  DAMAGED,
  /** Another host holds the lock. */
  LOCKED,
  /** The APD timer has run out: what is not I/O of a VM fails at once. */
  ALL_PATHS_DOWN,
  /** A bound of the host is reached, such as the number of its volumes. */
  LIMIT,
  /** It is in use. */
  BUSY,
  /** The server does not answer, or answers something else. */
  FILE_ERROR
}
