/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A lock by share reservation: {@link ShareReservations}. The lease of the mount keeps it, so there
 * is nothing to rewrite; a refresh only finds out whether it is still there.
 */
final class ShareLock implements HeldLock {
  private final ShareReservations reservations;
  private final Nfs41FileRef file;
  private final String path;

  private ShareLock(ShareReservations reservations, Nfs41FileRef file, String path) {
    this.reservations = reservations;
    this.file = file;
    this.path = path;
  }

  /**
   * Takes the lock.
   *
   * @throws DatastoreException LOCKED if another host has it
   */
  static ShareLock acquire(ShareReservations reservations, DatastoreFile file) {
    Nfs41FileRef ref = (Nfs41FileRef) file.ref();
    Replies.await(reservations.take(ref, file.path()));
    return new ShareLock(reservations, ref, file.path());
  }

  @Override
  public CompletableFuture<Void> refreshing(Executor workers) {
    return reservations.check(file, path);
  }

  @Override
  public void refresh() {
    Replies.await(reservations.check(file, path));
  }

  @Override
  public void release() {
    Replies.await(reservations.give(file));
  }

  /**
   * The CLOSE is under way until it is answered, so a lock that was left is never taken for one.
   */
  @Override
  public boolean isStale() {
    return !reservations.holds(file);
  }

  /** If the file was closed meanwhile, the next refresh opens it. */
  @Override
  public void holdAsFresh() {}

  @Override
  public void drop() {
    var unused = reservations.give(file);
  }

  @Override
  public String describe() {
    return "share reservation";
  }
}
