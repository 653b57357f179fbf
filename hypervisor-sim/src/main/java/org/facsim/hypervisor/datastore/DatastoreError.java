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
  /** The server has been silent for longer than the host waits. */
  ALL_PATHS_DOWN,
  /** The server does not answer, or answers something else. */
  FILE_ERROR
}
