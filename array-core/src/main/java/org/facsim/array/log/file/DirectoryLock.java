/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps everyone else away from a data directory. It keeps other processes away by a lock on a
 * file, which names the process that has it, and other arrays of this process by the directory's
 * identity. The lock of a process ends when the process closes <em>any</em> channel of the file, so
 * this process never opens the file a second time.
 *
 * <p>Somebody can remove the file, and a process that makes it again would find it free. Therefore
 * each log is locked, too ({@link MetadataFile#lock}). An array cannot be opened without the log
 * that grows, and if somebody removes that log, there is no array any more.
 */
final class DirectoryLock implements AutoCloseable {
  static final String FILE = "lock";

  private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);

  /** The directories that this process has locked. */
  private static final Set<Object> HELD = ConcurrentHashMap.newKeySet();

  private final Object identity;
  private final DataChannel channel;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param channel null if there is no file to lock
   */
  private DirectoryLock(Object identity, DataChannel channel) {
    this.identity = identity;
    this.channel = channel;
  }

  /** Locks a directory. @throws ArrayException BUSY, naming the process that has it */
  static DirectoryLock take(Path directory) throws IOException {
    Object identity = identityOf(directory);
    if (!HELD.add(identity)) {
      throw busy(directory, String.valueOf(ProcessHandle.current().pid()));
    }
    DataChannel channel = null;
    boolean done = false;
    try {
      channel =
          DataChannel.open(
              directory.resolve(FILE),
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      if (!channel.tryLock()) {
        throw channel.tryLockShared() ? looked(directory) : busy(directory, holderOf(channel));
      }
      note(directory, channel);
      done = true;
      return new DirectoryLock(identity, channel);
    } finally {
      if (!done) {
        release(identity, channel);
      }
    }
  }

  /**
   * Writes who holds it. It writes over what is there and never shortens it, so that a full disk
   * takes it. If the disk does not, a refusal cannot name the process; the lock holds all the same.
   */
  private static void note(Path directory, DataChannel channel) {
    String pid = "%-20d%n".formatted(ProcessHandle.current().pid());
    try {
      channel.write(0, ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
    } catch (IOException e) {
      LOG.warn("{} does not say who holds it: {}", directory.resolve(FILE), e.getMessage());
    }
  }

  /**
   * Locks a directory for a program that changes nothing in it, not even the lock file. This keeps
   * programs away that would use the directory, but not others that only look. If there is no lock
   * file, as in some copies of a directory, only the logs are locked.
   *
   * @throws ArrayException BUSY, naming the process that has it
   */
  static DirectoryLock takeToLook(Path directory) throws IOException {
    Object identity = identityOf(directory);
    if (!HELD.add(identity)) {
      throw busy(directory, String.valueOf(ProcessHandle.current().pid()));
    }
    DataChannel channel = null;
    boolean done = false;
    try {
      Path file = directory.resolve(FILE);
      if (Files.exists(file)) {
        channel = DataChannel.open(file, StandardOpenOption.READ);
        if (!channel.tryLockShared()) {
          throw busy(directory, holderOf(channel));
        }
      }
      done = true;
      return new DirectoryLock(identity, channel);
    } finally {
      if (!done) {
        release(identity, channel);
      }
    }
  }

  private static void release(Object identity, DataChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD.remove(identity);
    }
  }

  /** Returns the id of the process that wrote the file. */
  private static String holderOf(DataChannel channel) throws IOException {
    ByteBuffer holder = ByteBuffer.allocate(32);
    channel.read(0, holder);
    return new String(holder.array(), 0, holder.position(), StandardCharsets.US_ASCII).strip();
  }

  private static ArrayException looked(Path directory) {
    return new ArrayException(
        ArrayError.BUSY,
        directory + " is being checked by another process; wait for its end, or end it");
  }

  private static Object identityOf(Path directory) throws IOException {
    Object key = Files.readAttributes(directory, BasicFileAttributes.class).fileKey();
    return key != null ? key : directory.toRealPath();
  }

  private static ArrayException busy(Path directory, String pid) {
    return new ArrayException(
        ArrayError.BUSY,
        directory
            + " is in use by process "
            + pid
            + "; end that process (removing "
            + directory.resolve(FILE)
            + " would not free it)");
  }

  /** The error of a second process that got the lock file, but finds a log locked. */
  static ArrayException busyLog(Path log) {
    return new ArrayException(
        ArrayError.BUSY,
        log.getParent()
            + " is in use by another process: it has locked "
            + log.getFileName()
            + ", although "
            + FILE
            + " was removed or replaced meanwhile; end that process, remove nothing");
  }

  /**
   * Only the first call does anything, because by the second one the directory may be locked again.
   */
  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      release(identity, channel);
    }
  }
}
