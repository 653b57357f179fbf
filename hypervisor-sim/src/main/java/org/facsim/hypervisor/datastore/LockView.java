/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Instant;
import java.util.Optional;

/**
 * Who holds the lock of a file, for an administrator.
 *
 * @param lockPath the lock file, relative to the datastore; empty for a share reservation
 * @param holder the name of the host; empty if it is just taking the lock. Of a share reservation,
 *     a host knows no other holder than itself by name
 * @param stamp when the lock file was last rewritten, by the holder's clock
 * @param rewrites how often
 */
public record LockView(String lockPath, String holder, Instant stamp, long rewrites) {
  /**
   * Looks at a file's lock.
   *
   * @return empty if nobody has it
   * @throws DatastoreException NOT_FOUND if there is no such file, and others
   */
  public static Optional<LockView> of(Datastore datastore, String path) {
    DatastoreFile file = datastore.open(path);
    if (datastore.reservations().isPresent()) {
      return Replies.await(datastore.reservations().get().holder((Nfs41FileRef) file.ref()))
          .map(holder -> new LockView("", holder, Instant.EPOCH, 0));
    }
    long fileId = file.fileId();
    String lockPath = Datastore.join(Datastore.parentOf(path), FileLock.lockFileName(fileId));
    try {
      LockFile found = LockFile.look(datastore, lockPath);
      return Optional.of(
          new LockView(
              lockPath,
              found.holder(),
              Instant.ofEpochMilli(found.stampMillis()),
              found.rewrites()));
    } catch (DatastoreException none) {
      if (none.error() == DatastoreError.NOT_FOUND || none.error() == DatastoreError.STALE) {
        return Optional.empty();
      }
      throw none;
    }
  }
}
