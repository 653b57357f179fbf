/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * An open file of the operating system whose input and output no interrupt disturbs.
 *
 * <p>A {@link java.nio.channels.FileChannel} closes itself for good when a thread that uses it is
 * interrupted. One caller with its interrupt flag set would take the file from all others. An
 * asynchronous channel ignores interrupts. With an executor that runs everything in the calling
 * thread, it is not asynchronous: on POSIX systems each operation is a plain {@code pread}, {@code
 * pwrite} or {@code fdatasync} of the caller, without another thread. On other systems, the
 * channel's own threads do the work, and the caller waits for them even if it is interrupted. In
 * both cases the caller's interrupt flag stays as it was.
 *
 * <p>Thread-safe. If the file system knows owners, only the owner can access new files.
 */
final class DataChannel implements AutoCloseable {
  private static final ExecutorService CALLING_THREAD = new CallingThread();

  private final AsynchronousFileChannel channel;

  private DataChannel(AsynchronousFileChannel channel) {
    this.channel = channel;
  }

  static DataChannel open(Path path, OpenOption... options) throws IOException {
    boolean isPosix = knowsOwners(path);
    FileAttribute<?>[] ownersOnly =
        isPosix
            ? new FileAttribute<?>[] {
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
            }
            : new FileAttribute<?>[0];
    return new DataChannel(
        AsynchronousFileChannel.open(
            path, Set.of(options), isPosix ? CALLING_THREAD : null, ownersOnly));
  }

  static boolean knowsOwners(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Writes all that remains in {@code source}, and consumes it. */
  void write(long offsetBytes, ByteBuffer source) throws IOException {
    long at = offsetBytes;
    while (source.hasRemaining()) {
      at += result(channel.write(source, at));
    }
  }

  /** Reads until {@code target} is full or the file ends. */
  void read(long offsetBytes, ByteBuffer target) throws IOException {
    long at = offsetBytes;
    int count = 0;
    while (target.hasRemaining() && count >= 0) {
      count = result(channel.read(target, at));
      at += count;
    }
  }

  /** Makes data and size durable, but not the times. */
  void force() throws IOException {
    channel.force(false);
  }

  long sizeBytes() throws IOException {
    return channel.size();
  }

  void truncate(long sizeBytes) throws IOException {
    channel.truncate(sizeBytes);
  }

  /**
   * Locks the file against other processes until this channel is closed. The lock also ends when
   * any other channel of the same file is closed in this process.
   *
   * @return false if it is locked already
   */
  boolean tryLock() throws IOException {
    return tryLock(false);
  }

  /**
   * Locks the file against processes that want it for themselves, but not against others that share
   * it. The channel may be open for reading only.
   *
   * @return false if another process has locked it for itself
   */
  boolean tryLockShared() throws IOException {
    return tryLock(true);
  }

  private boolean tryLock(boolean shared) throws IOException {
    try {
      FileLock lock = channel.tryLock(0, Long.MAX_VALUE, shared);
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // by this process
    }
  }

  private static int result(Future<Integer> operation) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return operation.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw e.getCause() instanceof IOException failed ? failed : new IOException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /** Runs everything at once, in the thread that asks for it. It cannot be shut down. */
  private static final class CallingThread extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return List.of();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return false;
    }
  }
}
