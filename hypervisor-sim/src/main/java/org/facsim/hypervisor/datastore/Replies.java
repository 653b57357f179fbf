/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * Waits for the array's answers on a task's own thread. How long a host waits is the mount's
 * affair: its calls end with an answer, when the APD timer has run out, or with the mount.
 */
public final class Replies {
  private Replies() {}

  /**
   * Waits for an answer.
   *
   * @throws DatastoreException if the call failed or the thread was interrupted
   */
  public static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatastoreException(DatastoreError.FILE_ERROR, "interrupted", e);
    }
  }

  /** Converts any failure of an answer into the host's own exception. */
  static DatastoreException failure(Throwable cause) {
    Throwable root = cause;
    while (root instanceof CompletionException && root.getCause() != null) {
      root = root.getCause();
    }
    if (root instanceof DatastoreException known) {
      return known;
    }
    return new DatastoreException(DatastoreError.FILE_ERROR, String.valueOf(root), root);
  }
}
