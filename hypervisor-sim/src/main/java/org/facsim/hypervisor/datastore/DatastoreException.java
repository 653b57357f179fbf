/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/**
 * A file operation on a datastore failed. The message tells the administrator what failed and why.
 */
public final class DatastoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final DatastoreError error;

  public DatastoreException(DatastoreError error, String message) {
    super(message);
    this.error = error;
  }

  public DatastoreException(DatastoreError error, String message, Throwable cause) {
    super(message, cause);
    this.error = error;
  }

  public DatastoreError error() {
    return error;
  }
}
