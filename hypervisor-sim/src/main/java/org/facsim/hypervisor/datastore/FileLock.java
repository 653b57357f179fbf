/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * A host's lock on a file of an NFS datastore. NFSv3 hosts use no lock protocol: the lock is a file
 * in the same directory, named {@code .lck-} and the locked file's id as 16 hex digits, bytes
 * reversed. The host that creates it first (CREATE GUARDED) holds the lock, and rewrites its {@link
 * LockFile#BYTES} bytes every 10 s. A lock that was not rewritten for longer than 35 s, which is
 * three missed rewrites and five seconds of tolerance, is dead, and any host may replace it. The
 * same holds for a lock file that its maker created and never wrote. {@link AdvancedSetting}s
 * change these times, see {@link LockTimes}.
 *
 * <p><b>Taking over.</b> REMOVE takes a name. A host that found a dead lock could therefore remove
 * a live lock that another host put in its place meanwhile. So only one host may remove a dead
 * lock: the one that holds the <em>right</em> to it. The right is a lock file, too. It is named
 * after that one dead lock (its file id and stamp) and taken by the same rules. The holder of the
 * right checks once more that the dead lock is still the one that the right belongs to. It removes
 * the dead lock, competes for the name like every other host, and gives the right back. A host that
 * comes later finds another lock under the name and removes nothing. If a host dies while it has a
 * right, the right becomes stale, too, and another host takes it over.
 *
 * <p>A holder that was silent for too long touches its lock only after it has taken the right to
 * it. If it cannot take the right, or if it finds another lock under the name, its own lock is
 * lost. A host never removes a live lock file that is not its own.
 *
 * <p>A crash leaves at most the lock and a file for the right. If the lock is removed later, the
 * file for the right stays behind, {@value LockFile#BYTES} bytes long. Known flaw, which every
 * lease has: a REMOVE that reaches the server more than 25 s after it was sent may remove a lock
 * that another host took meanwhile. That host finds out at its next heartbeat.
 */
final class FileLock implements HeldLock {
  /** How many hosts may have died, one after the other, while they took a lock over. */
  private static final int MAX_RIGHTS = 4;

  /** How many locks of other hosts may come and go while this host tries to take one. */
  private static final int MAX_ATTEMPTS = 5;

  private final Datastore datastore;
  private final String lockPath;
  private final String holder;
  private final LockTimes times;
  private final DatastoreFile file;

  /** 0 for a lock, 1 for the right to it, 2 for the right to that right. */
  private final int depth;

  private long rewrites;
  private long stampMillis;

  private FileLock(
      Datastore datastore,
      String lockPath,
      String holder,
      LockTimes times,
      DatastoreFile file,
      int depth) {
    this.datastore = datastore;
    this.lockPath = lockPath;
    this.holder = holder;
    this.times = times;
    this.file = file;
    this.depth = depth;
  }

  /** The lock file's name for a locked file's id. */
  static String lockFileName(long fileId) {
    return ".lck-%016x".formatted(Long.reverseBytes(fileId));
  }

  /**
   * Takes the lock.
   *
   * @throws DatastoreException LOCKED, with the holder's name, if another host holds it and is
   *     alive
   */
  static FileLock acquire(
      Datastore datastore, DatastoreFile locked, String holder, LockTimes times) {
    String lockPath =
        Datastore.join(Datastore.parentOf(locked.path()), lockFileName(locked.ref().fileId()));
    return acquire(datastore, lockPath, locked.path(), holder, times, 0);
  }

  /**
   * Takes a lock, or the right to one.
   *
   * @param what is locked, for people
   * @param depth 0 for a lock, 1 for the right to it, 2 for the right to that right
   */
  private static FileLock acquire(
      Datastore datastore,
      String lockPath,
      String what,
      String holder,
      LockTimes times,
      int depth) {
    for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      Optional<FileLock> made = make(datastore, lockPath, what, holder, times, depth);
      if (made.isPresent()) {
        return made.get();
      }
      Optional<LockFile> found = look(datastore, lockPath);
      if (found.isPresent()) {
        LockFile there = found.get();
        if (!times.isStale(there.stampMillis())) {
          throw locked(what, there.describe());
        }
        datastore
            .log()
            .info(
                "NFSLock",
                1_016,
                "Lock %s of %s held by %s is stale; breaking the lock"
                    .formatted(lockPath, what, there.describe()));
        FileLock right = right(datastore, lockPath, there, what, holder, times, depth);
        try {
          if (right.isFresh(times.rewriteWithin()) && look(datastore, lockPath).equals(found)) {
            datastore.remove(lockPath);
          }
        } finally {
          right.release();
        }
      }
    }
    throw locked(what, "hosts that take it from each other");
  }

  private static FileLock right(
      Datastore datastore,
      String lockPath,
      LockFile to,
      String what,
      String holder,
      LockTimes times,
      int depth) {
    if (depth == MAX_RIGHTS) { // also ends the recursion that a leaping clock would make endless
      throw locked(what, to.describe());
    }
    String rightPath = "%s-%x-%x".formatted(lockPath, to.fileId(), to.stampMillis());
    return acquire(datastore, rightPath, what, holder, times, depth + 1);
  }

  /** Makes the lock file; empty if there is one. */
  private static Optional<FileLock> make(
      Datastore datastore,
      String lockPath,
      String what,
      String holder,
      LockTimes times,
      int depth) {
    DatastoreFile file;
    try {
      file = datastore.create(lockPath);
    } catch (DatastoreException e) {
      if (e.error() == DatastoreError.ALREADY_EXISTS) {
        return Optional.empty();
      }
      throw e;
    }
    FileLock lock = new FileLock(datastore, lockPath, holder, times, file, depth);
    lock.stampMillis = times.clock().millis();
    try {
      lock.write();
      lock.requireOwn(what);
      return Optional.of(lock);
    } catch (DatastoreException e) {
      lock.removeAfter(e);
      throw e;
    }
  }

  /** The lock file under a name; empty if there is none, or if it was removed while it was read. */
  private static Optional<LockFile> look(Datastore datastore, String lockPath) {
    try {
      return Optional.of(LockFile.look(datastore, lockPath));
    } catch (DatastoreException e) {
      if (e.error() == DatastoreError.NOT_FOUND || e.error() == DatastoreError.STALE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static DatastoreException locked(String what, String by) {
    return new DatastoreException(DatastoreError.LOCKED, "%s is locked by %s".formatted(what, by));
  }

  private boolean isFresh(Duration within) {
    return times.isFresh(stampMillis, within);
  }

  /** Whether other hosts think it dead. */
  @Override
  public synchronized boolean isStale() {
    return times.isStale(stampMillis);
  }

  /** Whether the name still leads to this lock's own file. */
  private boolean isOwn() {
    try {
      return datastore.open(lockPath).ref().fileId() == file.ref().fileId();
    } catch (DatastoreException e) {
      if (e.error() == DatastoreError.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  private void requireOwn(String what) {
    if (!isOwn()) {
      String by = look(datastore, lockPath).map(LockFile::describe).orElse("nobody");
      throw new DatastoreException(
          DatastoreError.LOCKED, "the lock of %s is lost; now locked by %s".formatted(what, by));
    }
  }

  private void write() {
    long now = times.clock().millis();
    file.writeStable(0, LockFile.contents(now, rewrites + 1, holder));
    rewrites++;
    stampMillis = now;
  }

  /**
   * Tells the others that this host is alive, without waiting for the server.
   *
   * @param workers make what cannot be done without waiting
   * @return fails as {@link #refresh} does
   */
  @Override
  public CompletableFuture<Void> refreshing(Executor workers) {
    byte[] contents;
    long now;
    synchronized (this) {
      if (!isFresh(times.sureFor())) {
        return CompletableFuture.runAsync(this::refresh, workers);
      }
      now = times.clock().millis();
      contents = LockFile.contents(now, rewrites + 1, holder);
      rewrites++;
    }
    return file.write(0, Unpooled.wrappedBuffer(contents), true)
        .thenCompose(written -> datastore.fileIdOf(lockPath))
        .thenAccept(
            found -> {
              if (found.isEmpty() || found.getAsLong() != file.ref().fileId()) {
                throw new DatastoreException(
                    DatastoreError.LOCKED, "the lock %s is lost".formatted(lockPath));
              }
              synchronized (this) {
                stampMillis = Math.max(stampMillis, now);
              }
            });
  }

  /**
   * Tells the others that this host is alive.
   *
   * @throws DatastoreException LOCKED or STALE if the lock is lost; others if that is not known
   */
  @Override
  public synchronized void refresh() {
    if (isFresh(times.sureFor())) {
      write();
      requireOwn(lockPath);
    } else {
      reclaim();
    }
  }

  /**
   * Rewrites a lock that other hosts may think dead, by the rules by which they would take it over.
   */
  private void reclaim() {
    requireOwn(lockPath);
    LockFile seen = look(datastore, lockPath).orElseThrow(() -> locked(lockPath, "nobody"));
    FileLock right = right(datastore, lockPath, seen, lockPath, holder, times, depth);
    try {
      requireOwn(lockPath);
      write();
    } finally {
      right.release();
    }
  }

  /**
   * Removes the lock file. A lost lock is left to its new holder. A lock that another host is
   * taking over is left to that host.
   */
  @Override
  public synchronized void release() {
    try {
      if (!isFresh(times.sureFor())) {
        reclaim();
      }
      if (isOwn()) {
        datastore.remove(lockPath);
      }
    } catch (DatastoreException e) {
      if (!isLost(e)) {
        throw e;
      }
      datastore
          .log()
          .warn("NFSLock", 608, "%s is not removed: %s".formatted(lockPath, e.getMessage()));
    }
  }

  /**
   * Whether a failure says that this host no longer has the lock: another host has it, or nobody.
   */
  static boolean isLost(DatastoreException failure) {
    return switch (failure.error()) {
      case LOCKED, STALE, NOT_FOUND -> true;
      case ALREADY_EXISTS,
          ACCESS_DENIED,
          READ_ONLY,
          DISK_FULL,
          TOO_LARGE,
          NOT_EMPTY,
          DAMAGED,
          ALL_PATHS_DOWN,
          LIMIT,
          BUSY,
          FILE_ERROR ->
          false;
    };
  }

  /**
   * Removes the file of a lock that was not taken after all, so that no other host waits for it.
   */
  private void removeAfter(DatastoreException failure) {
    try {
      if (isFresh(times.sureFor()) && isOwn()) {
        datastore.remove(lockPath);
      }
    } catch (DatastoreException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Counts as written just now: the array was put back to a moment at which this host held the
   * lock.
   */
  @Override
  public synchronized void holdAsFresh() {
    stampMillis = times.clock().millis();
  }

  /** The lock file went back with the array. */
  @Override
  public void drop() {}

  String lockPath() {
    return lockPath;
  }

  @Override
  public String describe() {
    return lockPath;
  }
}
