/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.durable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Metadata as a log, and images into which it is folded.
 *
 * <p>The array holds all metadata in memory, so what is stored is read once, at the start, from one
 * end to the other. That makes it simple: nothing is ever changed in place.
 *
 * <ol>
 *   <li>A batch is appended to the log, and forced: the commit point.
 *   <li>A log that is long enough is <em>sealed</em> and another begun.
 *   <li>In the background a sealed log is sorted by place and written as an image; then the catalog
 *       names the image instead of the log.
 *   <li>Images that are not much larger than all that lie upon them are merged with these, so there
 *       are few, and together they hold little more than what is there.
 * </ol>
 *
 * A crash at any point leaves the catalog before or after a step; files that it does not name are
 * of no use and are removed at the next start. A start lays the logs upon the images in memory and
 * writes nothing.
 *
 * <p>All that is read has a checksum over its place and its bytes. A host disk that fails or is
 * full in the background is tried again with the next sealed log; when too many wait, appending
 * fails until it works.
 *
 * <p>Known limit: a flipped byte in the very last record cannot be told from a record that was
 * being written in a crash, unless the array was closed in order or the log has been sealed since.
 */
final class LoggedMetadata implements MetadataStore {
  /** A log of this size is sealed. */
  static final long LOG_BYTES = 32 << 20;

  /** The number of the first log's file. */
  static final long FIRST_LOG = 1;

  /** Sealed logs that wait; more keep appending from going on. */
  private static final int MAX_SEALED = 8;

  /** An image smaller than this many times those upon it is merged with them. */
  private static final int MERGE_FACTOR = 2;

  private static final Logger LOG = LoggerFactory.getLogger(LoggedMetadata.class);

  /** A log to fold, and the last batch in it. */
  private record Sealed(BatchLog log, long last) {}

  private final HostFiles files;
  private final Executor folder;
  private final long logBytes;

  /** Used by the one that appends. */
  private BatchLog growing;

  private long nextNumber;

  /** Appending failed: the batch may be in this log, so the next attempt must be made here too. */
  private boolean isDoubtful;

  /** All that was found at the start; null once something is appended. */
  private Layer found;

  /** Guards what follows. */
  private final Object monitor = new Object();

  private Catalog catalog;
  private final List<Image> images = new ArrayList<>();
  private final Deque<Sealed> sealed = new ArrayDeque<>();
  private BatchLog spare;
  private boolean folding;
  private ArrayException failure;
  private boolean closed;

  LoggedMetadata(HostFiles files, Executor folder) {
    this(files, folder, LOG_BYTES);
  }

  /**
   * @param folder one thread for the background, or the caller's own
   * @throws ArrayException NOT_SUPPORTED if the format is another version's; IO if it is damaged
   */
  LoggedMetadata(HostFiles files, Executor folder, long logBytes) {
    this.files = files;
    this.folder = folder;
    this.logBytes = logBytes;
    if (files.exists(Catalog.FILE)) {
      catalog = Catalog.read(files);
    } else {
      catalog = new Catalog(0, 0, FIRST_LOG + 1, List.of(), List.of(FIRST_LOG));
      new BatchLog(files, FIRST_LOG).close(); // its name becomes durable with the catalog's
      catalog.store(files);
    }
    try {
      removeUnnamed();
      open();
    } catch (RuntimeException | Error e) {
      closeFiles();
      throw e;
    }
  }

  private void removeUnnamed() {
    Set<String> named = new HashSet<>(Set.of(Catalog.FILE));
    catalog.images().forEach(image -> named.add(image.fileName()));
    catalog.logs().forEach(log -> named.add(BatchLog.fileName(log)));
    for (String name : files.names()) {
      if (name.startsWith("metadata.") && !named.contains(name)) {
        files.delete(name);
      }
    }
  }

  private void open() {
    List<Layer> layers = new ArrayList<>();
    for (Image.Id id : catalog.images()) {
      Image image = Image.open(files, id);
      images.add(image);
      layers.add(image);
    }
    nextNumber = catalog.folded() + 1;
    for (long number : catalog.logs()) {
      if (growing != null) {
        sealed.add(new Sealed(growing, nextNumber - 1));
      }
      growing = new BatchLog(files, number);
      BatchLog.Contents contents = growing.read(nextNumber);
      nextNumber += contents.batches().size();
      if (!contents.batches().isEmpty()) {
        layers.add(new SortedLog(contents.bytes(), contents.batches()));
      }
    }
    if (nextNumber <= catalog.last()) {
      throw new ArrayException(
          ArrayError.IO,
          "the log ends before batch " + nextNumber + ", but " + catalog.last() + " was durable");
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
    if (found != null) {
      found = null;
      synchronized (monitor) {
        startFolding();
      }
    }
    boolean isLong = growing.endBytes() > 0 && growing.endBytes() + batch.sizeBytes() > logBytes;
    if (isLong && !isDoubtful) {
      seal();
    }
    isDoubtful = true;
    growing.append(nextNumber, batch.bytes());
    isDoubtful = false;
    nextNumber++;
  }

  /** Begins another log. If this fails nothing has changed. */
  private void seal() {
    synchronized (monitor) {
      awaitRoom();
      BatchLog fresh = spare;
      Catalog next = catalog;
      if (fresh == null) {
        fresh = new BatchLog(files, catalog.nextFile());
        next =
            new Catalog(
                next.folded(), next.last(), next.nextFile() + 1, next.images(), next.logs());
      }
      fresh.restart();
      List<Long> logs = new ArrayList<>(next.logs());
      logs.add(fresh.number());
      next = new Catalog(next.folded(), nextNumber - 1, next.nextFile(), next.images(), logs);
      try {
        next.store(files);
      } catch (ArrayException e) {
        if (fresh != spare) {
          fresh.close();
        }
        throw e;
      }
      catalog = next;
      spare = null;
      sealed.add(new Sealed(growing, nextNumber - 1));
      growing = fresh;
      startFolding();
    }
  }

  private void awaitRoom() {
    startFolding();
    boolean interrupted = false;
    while (sealed.size() >= MAX_SEALED && folding) {
      try {
        monitor.wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (sealed.size() >= MAX_SEALED) {
      throw failure;
    }
  }

  // ---------------------------------------------------------------- folding

  private void startFolding() {
    if (!folding && !sealed.isEmpty() && !closed) {
      folding = true;
      folder.execute(this::foldAll);
    }
  }

  private void foldAll() {
    try {
      ArrayException failed = null;
      try {
        while (foldOne()) {
          LOG.debug("folded up to batch {}", catalog.folded());
        }
      } catch (ArrayException e) {
        failed = e;
      }
      synchronized (monitor) {
        failure = failed;
      }
    } finally {
      synchronized (monitor) {
        folding = false;
        monitor.notifyAll();
      }
    }
  }

  /** Returns whether there was a sealed log. */
  private boolean foldOne() {
    Sealed oldest;
    long first;
    synchronized (monitor) {
      oldest = sealed.peekFirst();
      if (oldest == null || closed) {
        return false;
      }
      first = catalog.folded() + 1;
    }
    BatchLog.Contents contents = oldest.log().read(first);
    if (first + contents.batches().size() - 1 != oldest.last()) {
      throw new ArrayException(
          ArrayError.IO, BatchLog.fileName(oldest.log().number()) + " has lost batches");
    }
    Image image = write(new SortedLog(contents.bytes(), contents.batches()));
    try {
      synchronized (monitor) {
        List<Image> more = new ArrayList<>(images);
        more.add(image);
        List<Long> logs = new ArrayList<>(catalog.logs());
        logs.remove(oldest.log().number());
        store(oldest.last(), more, logs);
        sealed.removeFirst();
        retire(oldest.log());
        monitor.notifyAll();
      }
    } catch (ArrayException e) {
      image.close();
      throw e;
    }
    merge();
    return true;
  }

  /** A layer as a new image, which the catalog does not yet name. */
  private Image write(Layer layer) {
    long number;
    synchronized (monitor) {
      number = catalog.nextFile();
      catalog =
          new Catalog(
              catalog.folded(), catalog.last(), number + 1, catalog.images(), catalog.logs());
    }
    return Image.open(files, ImageWriter.write(files, number, layer));
  }

  private void store(long folded, List<Image> more, List<Long> logs) {
    Catalog next =
        new Catalog(
            folded,
            Math.max(catalog.last(), folded),
            catalog.nextFile(),
            more.stream().map(Image::id).toList(),
            logs);
    next.store(files);
    catalog = next;
    images.clear();
    images.addAll(more);
  }

  private void retire(BatchLog log) {
    if (spare == null) {
      spare = log;
    } else {
      log.close();
      files.delete(BatchLog.fileName(log.number()));
    }
  }

  /** Merges the topmost images as long as the one beneath them is not much larger. */
  private void merge() {
    List<Image> all;
    synchronized (monitor) {
      all = List.copyOf(images);
    }
    int from = all.size() - 1;
    long upperBytes = all.get(from).id().sizeBytes();
    int lowest = from;
    while (--from >= 0) {
      if (all.get(from).id().sizeBytes() < MERGE_FACTOR * upperBytes) {
        lowest = from;
      }
      upperBytes += all.get(from).id().sizeBytes();
    }
    if (lowest == all.size() - 1) {
      return;
    }
    List<Image> merged = all.subList(lowest, all.size());
    Image one = write(new MergedLayers(List.copyOf(merged), lowest == 0));
    try {
      synchronized (monitor) {
        List<Image> fewer = new ArrayList<>(all.subList(0, lowest));
        fewer.add(one);
        store(catalog.folded(), fewer, catalog.logs());
      }
    } catch (ArrayException e) {
      one.close();
      throw e;
    }
    for (Image old : merged) {
      old.close();
      files.delete(old.id().fileName());
    }
  }

  // ---------------------------------------------------------------- closing

  /** Waits for the background; notes how far the log goes, so that a shorter one is damage. */
  @Override
  public void close() {
    synchronized (monitor) {
      if (found == null) {
        startFolding(); // or the next start holds all that waits in memory at once
      }
      boolean interrupted = false;
      while (folding) {
        try {
          monitor.wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      closed = true;
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      try {
        if (found == null) {
          new Catalog(
                  catalog.folded(),
                  nextNumber - 1,
                  catalog.nextFile(),
                  catalog.images(),
                  catalog.logs())
              .store(files);
        }
      } catch (ArrayException e) {
        LOG.warn("the end of the log is not noted: {}", e.getMessage());
      } finally {
        closeFiles();
      }
    }
  }

  private void closeFiles() {
    if (growing != null) {
      growing.close();
    }
    if (spare != null) {
      spare.close();
    }
    sealed.forEach(each -> each.log().close());
    images.forEach(Image::close);
  }
}
