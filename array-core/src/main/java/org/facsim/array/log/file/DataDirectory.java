/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Home;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.PayloadStore;

/**
 * A durable array's directory.
 *
 * <pre>
 *   lock                  held by the one process that uses the directory; its pid inside (see
 *                         {@link DirectoryLock})
 *   metadata.catalog      which of the next there are, see {@link LoggedMetadata}
 *   metadata.N.log        batches, the newest changes
 *   metadata.N.image      what older logs were folded into
 *   volume-ID.blocks      payload, see {@link PayloadStore}
 * </pre>
 */
public final class DataDirectory implements Home {
  private final Path directory;
  private final DirectoryLock lock;
  private final boolean readOnly;
  private final HostPower power;
  private final MetadataFiles files;
  private final MetadataStore metadata;
  private final ExecutorService folder;
  private boolean closed;

  private DataDirectory(Path directory, DirectoryLock lock, boolean readOnly, HostPower power) {
    this.directory = directory;
    this.lock = lock;
    this.readOnly = readOnly;
    this.power = power;
    files = new DirectoryFiles(directory, readOnly);
    folder = Executors.newSingleThreadExecutor(DataDirectory::folderThread);
    folder.execute(() -> {}); // its thread starts now, because later none may be left
    try {
      int old = OldFormat.versionOf(directory);
      if (old != 0 && !readOnly) {
        OldFormat.convert(directory, old);
      }
      metadata =
          old != 0 && readOnly
              ? OldFormat.read(directory, old)
              : new LoggedMetadata(power.over(files), folder);
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
   * Opens a data directory. If there is nothing, or an empty directory, makes one. From then on
   * only the owner can access its files. A directory of an older format is converted, see {@link
   * OldFormat}.
   *
   * @throws ArrayException BUSY if a process uses it, INVALID_ARGUMENT if it holds something else,
   *     NOT_SUPPORTED if another version wrote its format, IO if it is damaged or cannot be read,
   *     NO_SPACE
   */
  public static DataDirectory open(Path directory) {
    return open(directory, steadyPower());
  }

  /**
   * The same on a host whose power may fail.
   *
   * @param power new; one for each opening
   */
  public static DataDirectory open(Path directory, HostPower power) {
    return open(directory, true, power);
  }

  private static HostPower steadyPower() {
    return new HostPower(new SplittableRandom(0));
  }

  /**
   * Opens an existing data directory to look at it. This locks the directory, but needs no right to
   * write, and nothing in the directory can be changed. @throws ArrayException as {@link
   * #open(Path)}; INVALID_ARGUMENT if there is no data directory
   */
  public static DataDirectory openExisting(Path directory) {
    return open(directory, false, steadyPower());
  }

  private static DataDirectory open(Path directory, boolean make, HostPower power) {
    Path absolute = directory.toAbsolutePath().normalize();
    try {
      boolean isNew = requireOurs(absolute, make);
      if (isNew) {
        OwnersOnly.makeDirectory(absolute);
      }
      DirectoryLock lock = make ? DirectoryLock.take(absolute) : DirectoryLock.takeToLook(absolute);
      try {
        DataDirectory opened = new DataDirectory(absolute, lock, !make, power);
        boolean done = false;
        try {
          if (isNew) {
            DirectoryFiles.forceNames(absolute);
            DirectoryFiles.forceNames(absolute.getParent());
          }
          if (make) {
            OwnersOnly.tighten(absolute);
          }
          done = true;
          return opened;
        } finally {
          if (!done) {
            opened.metadata.close();
            opened.folder.shutdown();
          }
        }
      } catch (RuntimeException | Error e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw DiskErrors.failedToStore("opening", fileOf(e, absolute), e);
    }
  }

  /** Returns what could not be opened, which may be a file in the directory. */
  private static Path fileOf(IOException e, Path directory) {
    return e instanceof FileSystemException failed && failed.getFile() != null
        ? Path.of(failed.getFile())
        : directory;
  }

  /** Returns whether there is nothing yet. */
  private static boolean requireOurs(Path directory, boolean make) throws IOException {
    if (isThere(directory.resolve(Catalog.FILE))) {
      return false;
    }
    if (isThere(directory.resolve(OldDatabase.FILE))) {
      return false;
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
      } catch (UncheckedIOException e) { // from within the stream
        throw e.getCause();
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

  /**
   * Whether there is such a file.
   *
   * @throws IOException if that is not known, for example because this process may not search the
   *     directory
   */
  private static boolean isThere(Path file) throws IOException {
    try {
      return Files.readAttributes(file, BasicFileAttributes.class) != null;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      if (Files.isRegularFile(file.getParent())) {
        return false; // there is nothing below a file
      }
      throw e;
    }
  }

  /** Whether a crash before the first catalog can leave such a file. */
  private static boolean isOfAnUnfinishedStart(String name) {
    return name.equals(DirectoryLock.FILE)
        || name.equals(Catalog.NEW_FILE)
        || name.equals(BatchLog.fileName(LoggedMetadata.FIRST_LOG));
  }

  @Override
  public MetadataStore metadata() {
    return metadata;
  }

  @Override
  public PayloadStore payload(int volume) {
    requireOpen();
    requireWritable();
    Path file = payloadPath(volume);
    boolean isNew = !Files.exists(file);
    power.requireOn();
    PayloadStore payload = power.over(new SparsePayloadFile(file, true), isNew);
    if (isNew) {
      try {
        power.forceNames();
      } catch (ArrayException e) {
        payload.close();
        throw e;
      }
    }
    return payload;
  }

  @Override
  public PayloadStore storedPayload(int volume) {
    requireOpen();
    Path file = payloadPath(volume);
    if (!Files.exists(file)) {
      return new MissingPayloadFile(file.getFileName().toString());
    }
    return readOnly
        ? SparsePayloadFile.toLookAt(file)
        : power.over(new SparsePayloadFile(file, false), false);
  }

  @Override
  public void removePayload(int volume) {
    requireOpen();
    requireWritable();
    power.remove(files, payloadPath(volume).getFileName().toString());
  }

  /** After closing, the directory may be another process's. */
  private synchronized void requireOpen() {
    if (closed) {
      throw new ArrayException(ArrayError.IO, directory + " is closed");
    }
  }

  private void requireWritable() {
    if (readOnly) {
      throw new IllegalStateException(directory + " is only looked at");
    }
  }

  private Path payloadPath(int volume) {
    return directory.resolve("volume-" + volume + ".blocks");
  }

  /**
   * Closes the directory, and gives up its lock last, so that nobody finds a half-closed directory.
   * Only the first call does anything.
   */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      metadata.close();
    } finally {
      folder.shutdown();
      try {
        power.closing(directory);
      } finally {
        unlock();
      }
    }
  }

  private void unlock() {
    try {
      lock.close();
    } catch (IOException e) {
      throw DiskErrors.failed("unlocking", directory, e);
    }
  }
}
