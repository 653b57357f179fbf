/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Bounds the requests that a transfer has in flight, and keeps the first failure. The task's thread
 * takes a place with {@link #enter}. The thread that finishes the request gives the place back with
 * {@link #leave}; any thread may do so.
 */
public final class InFlightWindow {
  private final int width;
  private final Semaphore places;
  private final AtomicReference<DatastoreException> firstFailure = new AtomicReference<>();

  /**
   * A window with nothing in flight yet.
   *
   * @param width the most requests in flight
   */
  public InFlightWindow(int width) {
    this.width = width;
    this.places = new Semaphore(width);
  }

  /**
   * Waits for a place.
   *
   * @throws DatastoreException the first failure of an earlier request; in that case no place is
   *     taken
   */
  public void enter() {
    acquire(1);
    if (firstFailure.get() != null) {
      places.release();
      throw firstFailure.get();
    }
  }

  /** Gives a place back. */
  void leave() {
    places.release();
  }

  /** Gives a place back after a failure. */
  void leaveFailed(Throwable cause) {
    firstFailure.compareAndSet(null, Replies.failure(cause));
    places.release();
  }

  /** Waits for a place for a request, which is given back when the future completes. */
  public void track(CompletableFuture<?> request) {
    var unused =
        request.whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                leave();
              } else {
                leaveFailed(failure);
              }
            });
  }

  /**
   * Waits until nothing is in flight.
   *
   * @throws DatastoreException the first failure
   */
  public void drain() {
    drainQuietly();
    if (firstFailure.get() != null) {
      throw firstFailure.get();
    }
  }

  /** Waits until nothing is in flight, also after a failure. */
  public void drainQuietly() {
    acquire(width);
    places.release(width);
  }

  private void acquire(int count) {
    try {
      places.acquire(count);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatastoreException(DatastoreError.FILE_ERROR, "interrupted", e);
    }
  }
}
