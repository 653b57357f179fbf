/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A durable array's directory.
 *
 * <pre>
 *   lock                  held by the one process that uses the directory; its pid inside
 *   metadata.catalog      which of the next there are, see {@link LoggedMetadata}
 *   metadata.N.log        batches, the newest changes
 *   metadata.N.image      what older logs were folded into
 *   volume-ID.blocks      payload, see {@link PayloadFile}
 * </pre>
 */
public final class DataDirectory implements Home {
  private static final String LOCK = "lock";

  /** What the first versions had in place of the catalog. */
  private static final String OLD_METADATA = "metadata.db";

  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  private final Path directory;
  private final FileChannel lockChannel;
  private final LoggedMetadata metadata;
  private final ExecutorService folder;

  private DataDirectory(Path directory, FileChannel lockChannel) {
    this.directory = directory;
    this.lockChannel = lockChannel;
    folder = Executors.newSingleThreadExecutor(DataDirectory::folderThread);
    try {
      metadata = new LoggedMetadata(new DirectoryFiles(directory), folder);
    } catch (RuntimeException | Error e) {
      folder.shutdown();
      throw e;
    }
  }

  private static Thread folderThread(Runnable work) {
    Thread thread = new Thread(work, "facsim-folder");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Opens a data directory, or makes one where nothing or an empty directory is.
   *
   * @throws ArrayException BUSY if a process uses it, INVALID_ARGUMENT if it is something else,
   *     NOT_SUPPORTED if its format is another version's, IO if it is damaged or cannot be read,
   *     NO_SPACE
   */
  public static DataDirectory open(Path directory) {
    return open(directory, true);
  }

  /** Opens a data directory that is there; else INVALID_ARGUMENT. Otherwise as {@link #open}. */
  public static DataDirectory openExisting(Path directory) {
    return open(directory, false);
  }

  private static DataDirectory open(Path directory, boolean make) {
    Path absolute = directory.toAbsolutePath().normalize();
    try {
      boolean isNew = requireOurs(absolute, make);
      if (isNew) {
        Files.createDirectories(absolute);
      }
      FileChannel lock = lock(absolute);
      try {
        DataDirectory opened = new DataDirectory(absolute, lock);
        if (isNew) {
          forceDirectory(absolute);
          forceDirectory(absolute.getParent());
        }
        return opened;
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw HostDisk.failed("opening " + absolute, e);
    }
  }

  /** Returns whether there is nothing yet. */
  private static boolean requireOurs(Path directory, boolean make) throws IOException {
    if (Files.exists(directory.resolve(Catalog.FILE))) {
      return false;
    }
    if (Files.exists(directory.resolve(OLD_METADATA))) {
      throw new ArrayException(
          ArrayError.NOT_SUPPORTED,
          directory + " has format version 1 or 2, this program knows " + Catalog.FORMAT_VERSION);
    }
    List<String> found = List.of();
    if (Files.isDirectory(directory)) {
      try (Stream<Path> files = Files.list(directory)) {
        found =
            files
                .map(file -> file.getFileName().toString())
                .filter(name -> !isOfAnUnfinishedStart(name))
                .sorted()
                .toList();
      }
    } else if (Files.exists(directory)) {
      found = List.of("no directory");
    }
    if (!make || !found.isEmpty()) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          directory
              + " is no data directory: no "
              + Catalog.FILE
              + (found.isEmpty() ? "" : ", but " + String.join(", ", found)));
    }
    return true;
  }

  /** What a crash before the first catalog can leave. */
  private static boolean isOfAnUnfinishedStart(String name) {
    return name.equals(LOCK)
        || name.equals(Catalog.NEW_FILE)
        || name.equals(BatchLog.fileName(LoggedMetadata.FIRST_LOG));
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      LOG.debug("{} is locked by this process", directory);
    }
    if (lock == null) {
      ByteBuffer holder = ByteBuffer.allocate(32);
      channel.read(holder, 0);
      channel.close();
      String pid = new String(holder.array(), 0, holder.position(), StandardCharsets.US_ASCII);
      throw new ArrayException(ArrayError.BUSY, directory + " is in use by process " + pid.strip());
    }
    byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(pid), 0);
    return channel;
  }

  private static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public MetadataStore metadata() {
    return metadata;
  }

  @Override
  public PayloadFile payload(int volume) {
    Path file = payloadPath(volume);
    boolean isNew = !Files.exists(file);
    SparsePayloadFile payload = new SparsePayloadFile(file);
    if (isNew) {
      try {
        forceDirectory(directory);
      } catch (IOException e) {
        payload.close();
        throw HostDisk.failed("making " + file, e);
      }
    }
    return payload;
  }

  @Override
  public void removePayload(int volume) {
    try {
      Files.deleteIfExists(payloadPath(volume));
    } catch (IOException e) {
      throw HostDisk.failed("removing " + payloadPath(volume), e);
    }
  }

  private Path payloadPath(int volume) {
    return directory.resolve("volume-" + volume + ".blocks");
  }

  /** The lock goes last, so that nobody finds a half-closed directory. */
  @Override
  public void close() {
    try {
      metadata.close();
    } finally {
      folder.shutdown();
      unlock();
    }
  }

  private void unlock() {
    try {
      lockChannel.close();
    } catch (IOException e) {
      throw HostDisk.failed("unlocking " + directory, e);
    }
  }
}
