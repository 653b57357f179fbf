/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host's lock on a file of an NFS datastore. NFSv3 hosts use no lock protocol: the lock is a file
 * in the same directory, {@code .lck-} and the locked file's id as 16 hex digits, bytes reversed.
 * Whoever makes it first (CREATE GUARDED) holds it, and rewrites its {@value #LOCK_FILE_BYTES}
 * bytes every {@link #HEARTBEAT}. A lock that was not rewritten for longer than {@link
 * #STALE_AFTER} is dead, and anyone may replace it.
 *
 * <p>The inside of the file is not documented; here it is the stamp of the last rewrite
 * (milliseconds since the epoch, 8 bytes little-endian), a counter of rewrites (8 bytes) and the
 * holder's name, zero-filled.
 */
final class FileLock {
  static final int LOCK_FILE_BYTES = 84;
  static final Duration HEARTBEAT = Duration.ofSeconds(10);

  /** Three rewrites missed, and five seconds for the doubt. */
  static final Duration STALE_AFTER = Duration.ofSeconds(35);

  private static final Logger log = LoggerFactory.getLogger(FileLock.class);
  private static final int NAME_OFFSET = 16;

  private final Datastore datastore;
  private final String lockPath;
  private final String holder;
  private final Clock clock;
  private final DatastoreFile file;
  private long rewrites;

  private FileLock(
      Datastore datastore, String lockPath, String holder, Clock clock, DatastoreFile file) {
    this.datastore = datastore;
    this.lockPath = lockPath;
    this.holder = holder;
    this.clock = clock;
    this.file = file;
  }

  /** The lock file's name for a locked file's id. */
  static String lockFileName(long fileId) {
    return ".lck-%016x".formatted(Long.reverseBytes(fileId));
  }

  /**
   * Takes the lock.
   *
   * @throws DatastoreException LOCKED, with the holder's name, if somebody else has it and is alive
   */
  static FileLock acquire(Datastore datastore, DatastoreFile locked, String holder, Clock clock) {
    String lockPath =
        Datastore.join(Datastore.parentOf(locked.path()), lockFileName(locked.ref().fileId()));
    DatastoreFile file;
    try {
      file = datastore.create(lockPath);
    } catch (DatastoreException e) {
      if (e.error() != DatastoreError.ALREADY_EXISTS) {
        throw e;
      }
      refuseIfAlive(datastore, locked, lockPath, clock);
      log.warn("{} takes over the stale lock {} of {}", holder, lockPath, locked.path());
      datastore.remove(lockPath);
      file = datastore.create(lockPath);
    }
    FileLock lock = new FileLock(datastore, lockPath, holder, clock, file);
    lock.refresh();
    return lock;
  }

  private static void refuseIfAlive(
      Datastore datastore, DatastoreFile locked, String lockPath, Clock clock) {
    DatastoreFile file = datastore.open(lockPath);
    if (file.sizeBytes() < LOCK_FILE_BYTES) {
      throw locked(locked, "a host that is just taking it");
    }
    byte[] bytes = file.readFully(0, LOCK_FILE_BYTES);
    long stamp = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (clock.millis() - stamp <= STALE_AFTER.toMillis()) {
      throw locked(
          locked, new String(bytes, NAME_OFFSET, bytes.length - NAME_OFFSET, UTF_8).strip());
    }
  }

  private static DatastoreException locked(DatastoreFile locked, String by) {
    String holder = by.indexOf('\0') < 0 ? by : by.substring(0, by.indexOf('\0'));
    return new DatastoreException(
        DatastoreError.LOCKED, "%s is locked by %s".formatted(locked.path(), holder));
  }

  /** Tells the others that this host is alive. */
  void refresh() {
    ByteBuffer bytes = ByteBuffer.allocate(LOCK_FILE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(clock.millis()).putLong(++rewrites);
    byte[] name = holder.getBytes(UTF_8);
    bytes.put(Arrays.copyOf(name, Math.min(name.length, bytes.remaining())));
    file.writeStable(0, bytes.array());
  }

  /** Removes the lock file. */
  void release() {
    datastore.remove(lockPath);
  }

  String lockPath() {
    return lockPath;
  }
}
