/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.Batch;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.RecordKind;

/**
 * Metadata as a log, and images into which it is folded.
 *
 * <p>The array holds all metadata in memory, so what is stored is read only once, at the start,
 * from one end to the other. That keeps it simple: nothing is ever changed in place.
 *
 * <ol>
 *   <li>A batch is appended to the log, and forced: the commit point.
 *   <li>When a log is long enough, it is <em>sealed</em>, and another one is begun.
 *   <li>The background sorts a sealed log by place and writes it as an image. Then the catalog
 *       names the image instead of the log.
 *   <li>If an image is not much larger than all images upon it, they are merged. So there are few
 *       images, and together they hold little more than the metadata that is there.
 * </ol>
 *
 * After a crash at any point, the catalog is the one before or after a step. Files that it does not
 * name are of no use, and the next start removes them when it begins to append. A start lays the
 * log that grows upon the images, in memory. If a crash left several sealed logs, a start folds
 * them first, unless the disk is full or it is only a check. Otherwise a start writes nothing and
 * removes nothing until the first append.
 *
 * <p>Everything that is read has a checksum over its place and its bytes. If the disk fails or is
 * full in the background, {@link LogFolder} tries again. When too many logs wait for that,
 * appending fails until it succeeds.
 *
 * <p>One thread appends and closes.
 *
 * <p>Known limit: nobody can tell whether the very last record was damaged later, or was being
 * written in a crash, unless the array was closed in order or the log has been sealed since.
 */
final class LoggedMetadata implements MetadataStore {
  /** A log of this size is sealed. */
  static final long LOG_BYTES = 32 << 20;

  /** The number of the first log's file. */
  static final long FIRST_LOG = 1;

  private final MetadataFiles files;
  private final long logBytes;
  private final int version;
  private final LogFolder folder;

  /** Only the thread that appends uses it. */
  private BatchLog growing;

  private long nextNumber;

  /**
   * Whether appending failed. Then the batch may be in this log, so the next attempt goes there,
   * too.
   */
  private boolean isDoubtful;

  /** Everything that was found at the start; null after something was appended. */
  private Layer found;

  /** Whether appending has begun. Only then may closing write. */
  private boolean hasAppended;

  private boolean closed;

  LoggedMetadata(MetadataFiles files, Executor folder) {
    this(files, folder, LOG_BYTES, System::nanoTime);
  }

  /**
   * @param folder one thread for the background, or the caller's own
   * @param nanoTime as {@link System#nanoTime}
   * @throws ArrayException NOT_SUPPORTED if another version wrote the format; IO if it is damaged
   */
  LoggedMetadata(MetadataFiles files, Executor folder, long logBytes, LongSupplier nanoTime) {
    this(files, folder, logBytes, nanoTime, Catalog.FORMAT_VERSION);
  }

  /**
   * Opens what an earlier version wrote, to load it.
   *
   * @param files read-only
   * @param version the format version of the catalog
   */
  static LoggedMetadata toConvert(MetadataFiles files, int version) {
    return new LoggedMetadata(files, Runnable::run, LOG_BYTES, System::nanoTime, version);
  }

  private LoggedMetadata(
      MetadataFiles files, Executor folder, long logBytes, LongSupplier nanoTime, int version) {
    this.files = files;
    this.version = version;
    this.logBytes = logBytes;
    Catalog catalog;
    if (files.exists(Catalog.FILE)) {
      catalog = Catalog.read(files, version);
    } else {
      catalog = new Catalog(0, 0, FIRST_LOG + 1, List.of(), List.of(FIRST_LOG));
      try (BatchLog first = new BatchLog(files, FIRST_LOG)) {
        first.prepare(); // its name becomes durable with the catalog's
      }
      catalog.store(files);
    }
    this.folder = new LogFolder(files, folder, nanoTime, catalog);
    try {
      open(catalog);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void open(Catalog catalog) {
    for (Image.Id id : catalog.images()) {
      folder.add(Image.open(files, id));
    }
    BatchLog.Contents contents = null;
    nextNumber = catalog.folded() + 1;
    for (long number : catalog.logs()) {
      if (!files.exists(BatchLog.fileName(number))) {
        throw new ArrayException(ArrayError.IO, BatchLog.fileName(number) + " is missing");
      }
      if (growing != null) {
        folder.addSealed(growing, nextNumber - 1);
      }
      growing = new BatchLog(files, number);
      contents = null; // one log in memory at a time
      contents = growing.read(nextNumber);
      nextNumber += contents.batches().size();
    }
    if (!Catalog.read(files, version).equals(catalog)) {
      throw new ArrayException(
          ArrayError.BUSY, Catalog.FILE + " changed while it was opened: another process uses it");
    }
    if (nextNumber <= catalog.last()) {
      throw new ArrayException(
          ArrayError.IO,
          "the log ends before batch " + nextNumber + ", but " + catalog.last() + " was durable");
    }
    List<Layer> layers = folder.found();
    if (contents != null && !contents.batches().isEmpty()) {
      layers.add(new SortedLog(contents.bytes(), contents.batches()));
    }
    found = new MergedLayers(layers, true);
  }

  @Override
  public void load(RecordKind kind, int volume, Batch.Changes into) {
    if (found == null) {
      throw new IllegalStateException("loading comes before appending");
    }
    Layer.Cursor changes = found.cursor(new Section(kind, volume));
    while (changes.next()) {
      into.change(kind, volume, changes.owner(), changes.id(), changes.bytes());
    }
  }

  // ---------------------------------------------------------------- appending

  @Override
  public void append(Batch batch) {
    if (closed) {
      throw new ArrayException(ArrayError.IO, "the metadata is closed");
    }
    if (!hasAppended) {
      folder.begin();
      hasAppended = true;
      found = null;
    }
    folder.appending();
    boolean isLong = growing.endBytes() > 0 && growing.endBytes() + batch.sizeBytes() > logBytes;
    if (isLong && !isDoubtful) {
      growing = folder.seal(growing, nextNumber - 1);
    }
    isDoubtful = true;
    growing.append(nextNumber, batch.bytes());
    isDoubtful = false;
    nextNumber++;
  }

  /**
   * Waits for the background, and notes how far the log goes, so that a shorter log is damage. Only
   * the first call does anything, because by the second one the files may be another process's.
   */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    folder.close(hasAppended ? nextNumber - 1 : -1);
    if (growing != null) {
      LogFolder.close(growing);
    }
  }
}
