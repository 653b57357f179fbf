/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for the array's answers on a task's own thread. */
public final class Replies {
  /** All paths down: a host gives a silent datastore this long, then fails. */
  static final long ALL_PATHS_DOWN_SECONDS = 140;

  private Replies() {}

  /**
   * Waits for an answer.
   *
   * @throws DatastoreException if the call failed, was not answered in time or the thread was
   *     interrupted
   */
  public static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(ALL_PATHS_DOWN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    } catch (TimeoutException e) {
      throw new DatastoreException(
          DatastoreError.FILE_ERROR, "no answer for " + ALL_PATHS_DOWN_SECONDS + " s", e);
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
