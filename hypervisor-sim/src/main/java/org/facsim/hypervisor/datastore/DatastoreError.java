/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/** The failures of file operations that a host tells apart. */
public enum DatastoreError {
  NOT_FOUND,
  ALREADY_EXISTS,
  ACCESS_DENIED,
  READ_ONLY,
  DISK_FULL,
  TOO_LARGE,
  NOT_EMPTY,
  STALE,
  /** The file is there but is not what the host expects in it. */
  DAMAGED,
  /** Another host holds the lock. */
  LOCKED,
  /** The server has been silent for longer than the host waits. */
  ALL_PATHS_DOWN,
  /** The server does not answer, or answers something else. */
  FILE_ERROR
}
