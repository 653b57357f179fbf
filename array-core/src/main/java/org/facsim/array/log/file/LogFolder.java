/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Folds sealed logs into images and merges images, in the background, and keeps the catalog.
 *
 * <h2>A step that fails</h2>
 *
 * A step writes an image, and then a catalog that names it.
 *
 * <ul>
 *   <li>If the image cannot be written, what there is of it is removed, and its number goes to the
 *       next attempt: no catalog ever named it. So a full disk is not filled further.
 *   <li>If the catalog cannot be stored, either catalog may be the one on the disk. The image is
 *       kept, and the next attempt stores the catalog only.
 *   <li>A file that is not needed any more and cannot be removed is removed later.
 * </ul>
 *
 * The next attempt comes with an append, but not before some time has passed ({@link Backoff}).
 *
 * <p>Thread-safe; the monitor guards all fields. It is held while a catalog is stored, never while
 * an image is written.
 */
final class LogFolder {
  /** Sealed logs that wait; more keep appending from going on. */
  private static final int MAX_SEALED = 8;

  /** A start with more sealed logs folds them before it loads anything. */
  private static final int MAX_SEALED_IN_MEMORY = 1;

  /** An image smaller than this many times those upon it is merged with them. */
  private static final int MERGE_FACTOR = 2;

  private static final Logger LOG = LoggerFactory.getLogger(LogFolder.class);

  /** A log to fold, and the last batch in it. */
  private record Sealed(BatchLog log, long last) {}

  /**
   * An image that is written and not yet in the catalog.
   *
   * @param kept how many of the images stay beneath it; the others go
   * @param folded the log that it holds; null after a merge
   */
  private record Step(Image image, int kept, Sealed folded) {}

  private final MetadataFiles files;
  private final Executor executor;
  private final Backoff backoff;

  private Catalog catalog;
  private List<Image> images = new ArrayList<>();
  private final Deque<Sealed> sealed = new ArrayDeque<>();
  private BatchLog spare;
  private final UnneededFiles unneeded;

  private boolean folding;
  private Step pending;
  private boolean mergeFailed;

  /** A number that no image has got; 0 if there is none. */
  private long freeNumber;

  private volatile ArrayException failure;
  private boolean closing;
  private boolean closed;

  /**
   * @param executor one thread for the background, or the caller's own
   * @param nanoTime as {@link System#nanoTime}
   */
  LogFolder(MetadataFiles files, Executor executor, LongSupplier nanoTime, Catalog catalog) {
    this.files = files;
    this.executor = executor;
    backoff = new Backoff(nanoTime);
    unneeded = new UnneededFiles(files);
    this.catalog = catalog;
  }

  /** While opening: the next image of the catalog. */
  synchronized void add(Image image) {
    images.add(image);
  }

  /** While opening: a log that another follows. */
  synchronized void addSealed(BatchLog log, long last) {
    sealed.add(new Sealed(log, last));
  }

  /**
   * While opening, when the catalog and all logs are looked at: what is there, the lowest first,
   * without the log that grows. If a crash left several sealed logs they are folded first, one
   * after another, because all of them at once would take as much memory as the names that they
   * hold. If they cannot be, for example on a full disk, or if nothing may be written, they are
   * sorted in memory.
   */
  synchronized List<Layer> found() {
    if (sealed.size() > MAX_SEALED_IN_MEMORY && !files.isReadOnly()) {
      try {
        while (!sealed.isEmpty()) {
          fold(sealed.peekFirst(), images.size());
          complete();
        }
      } catch (ArrayException e) {
        LOG.warn("what a crash left is held in memory and folded later: {}", e.getMessage());
      }
    }
    List<Layer> layers = new ArrayList<>(images);
    long first = catalog.folded() + 1;
    for (Sealed each : sealed) {
      layers.add(sorted(each, first));
      first = each.last() + 1;
    }
    return layers;
  }

  // ---------------------------------------------------------------- appending

  /** Appending begins: what no catalog names goes, and what a crash left sealed is folded. */
  synchronized void begin() {
    Set<String> named = new HashSet<>(Set.of(Catalog.FILE));
    catalog.images().forEach(image -> named.add(image.fileName()));
    catalog.logs().forEach(log -> named.add(BatchLog.fileName(log)));
    if (pending != null) { // the next catalog names it, and the one on the disk may
      named.add(pending.image().id().fileName());
    }
    if (spare != null) {
      named.add(BatchLog.fileName(spare.number()));
    }
    unneeded.addAllBut(named);
    unneeded.remove();
    startFolding();
  }

  /** A batch is appended: what failed may be due again. */
  void appending() {
    if (failure != null) {
      synchronized (this) {
        startFolding();
      }
    }
  }

  /**
   * Seals the log that grows.
   *
   * @param last the last batch in it
   * @return the log that takes its place
   * @throws ArrayException NO_SPACE or IO, with nothing changed
   */
  synchronized BatchLog seal(BatchLog full, long last) {
    awaitRoom();
    boolean isNew = spare == null;
    BatchLog fresh = isNew ? new BatchLog(files, catalog.nextFile()) : spare;
    boolean done = false;
    try {
      fresh.prepare();
      fresh.restart();
      List<Long> logs = new ArrayList<>(catalog.logs());
      logs.add(fresh.number());
      long nextFile = catalog.nextFile() + (isNew ? 1 : 0);
      Catalog next = new Catalog(catalog.folded(), last, nextFile, catalog.images(), logs);
      next.store(files);
      catalog = next;
      done = true;
    } finally {
      if (!done && isNew) {
        fresh.close();
      }
    }
    spare = isNew ? spare : null;
    sealed.add(new Sealed(full, last));
    startFolding();
    return fresh;
  }

  private void awaitRoom() {
    startFolding();
    while (sealed.size() >= MAX_SEALED && folding) {
      awaitFolding();
    }
    if (sealed.size() >= MAX_SEALED) {
      ArrayException why = failure;
      throw why != null
          ? why
          : new ArrayException(ArrayError.IO, "the logs cannot be folded: the array is closed");
    }
  }

  /** Not interruptible: whoever appends was told nothing yet. */
  private void awaitFolding() {
    boolean interrupted = false;
    boolean notified = false;
    while (!notified) {
      try {
        wait();
        notified = true;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---------------------------------------------------------------- the background

  private void startFolding() {
    boolean hasWork = !sealed.isEmpty() || pending != null || failure != null;
    if (hasWork && backoff.isDue() && !folding && !closed) {
      folding = true;
      try {
        executor.execute(this::foldAll);
      } catch (RejectedExecutionException | OutOfMemoryError e) { // no thread is to be had
        ended(new ArrayException(ArrayError.IO, "folding the log gets no thread: " + e));
      }
    }
  }

  private void foldAll() {
    ArrayException failed = null;
    try {
      while (step()) {
        LOG.debug("folded");
      }
    } catch (ArrayException e) {
      failed = e;
    } catch (OutOfMemoryError e) {
      failed = new ArrayException(ArrayError.NO_SPACE, "the host has no memory: " + e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("folding the log met a defect", e);
      failed = defect(e);
    } catch (Error e) {
      failed = defect(e);
      throw e;
    } finally {
      ended(failed);
    }
  }

  private static ArrayException defect(Throwable met) {
    return new ArrayException(ArrayError.IO, "folding the log met a defect: " + met);
  }

  private synchronized void ended(ArrayException failed) {
    failure = failed;
    if (failed == null) {
      backoff.succeeded();
    } else {
      backoff.failed();
    }
    folding = false;
    notifyAll();
    if (failed == null) {
      startFolding(); // a log may have been sealed since the last look
    }
  }

  /** Returns whether there was anything to do. */
  private boolean step() {
    Sealed oldest;
    List<Image> all;
    boolean mergesNow;
    synchronized (this) {
      if (closed) {
        return false;
      }
      unneeded.remove();
      if (pending != null) {
        complete();
        return true;
      }
      oldest = sealed.peekFirst();
      all = List.copyOf(images);
      // A merge needs more room than a fold, so one that failed waits until all is folded.
      mergesNow = lowestToMerge(all) < all.size() - 1 && (!mergeFailed || oldest == null);
      mergeFailed |= mergesNow;
    }
    if (mergesNow) {
      merge(all);
    } else if (oldest != null) {
      fold(oldest, all.size());
    } else {
      return false;
    }
    synchronized (this) {
      complete();
      mergeFailed &= !mergesNow;
    }
    return true;
  }

  private void fold(Sealed oldest, int kept) {
    long first;
    synchronized (this) {
      first = catalog.folded() + 1;
    }
    Image image = write(sorted(oldest, first));
    synchronized (this) {
      pending = new Step(image, kept, oldest);
    }
  }

  private static SortedLog sorted(Sealed log, long first) {
    BatchLog.Contents contents = log.log().read(first);
    if (first + contents.batches().size() - 1 != log.last()) {
      throw new ArrayException(
          ArrayError.IO, BatchLog.fileName(log.log().number()) + " has lost batches");
    }
    return new SortedLog(contents.bytes(), contents.batches());
  }

  /** The topmost images become one as long as the one beneath them is not much larger. */
  private static int lowestToMerge(List<Image> all) {
    int lowest = all.size() - 1;
    long upperBytes = 0;
    for (int at = all.size() - 1; at >= 0; at--) {
      long bytes = all.get(at).id().sizeBytes();
      if (bytes < MERGE_FACTOR * upperBytes) {
        lowest = at;
      }
      upperBytes += bytes;
    }
    return lowest;
  }

  private void merge(List<Image> all) {
    int lowest = lowestToMerge(all);
    Image one = write(new MergedLayers(List.copyOf(all.subList(lowest, all.size())), lowest == 0));
    synchronized (this) {
      pending = new Step(one, lowest, null);
    }
  }

  /** A layer as a new image, which no catalog names yet; nothing is left of it if it fails. */
  private Image write(Layer layer) {
    long number;
    synchronized (this) {
      number = freeNumber != 0 ? freeNumber : catalog.nextFile();
      if (freeNumber == 0) {
        catalog =
            new Catalog(
                catalog.folded(), catalog.last(), number + 1, catalog.images(), catalog.logs());
      }
      freeNumber = 0;
    }
    boolean done = false;
    try {
      Image image = Image.open(files, ImageWriter.write(files, number, layer));
      done = true;
      return image;
    } finally {
      if (!done) {
        giveUp(number);
      }
    }
  }

  private synchronized void giveUp(long number) {
    freeNumber = number;
    unneeded.add(Image.fileName(number));
    unneeded.remove();
    unneeded.forget(Image.fileName(number)); // the next attempt begins with removing it
  }

  /** The image that is written takes its place. */
  private void complete() {
    Step step = pending;
    List<Image> next = new ArrayList<>(images.subList(0, step.kept()));
    next.add(step.image());
    List<Long> logs = new ArrayList<>(catalog.logs());
    long folded = catalog.folded();
    if (step.folded() != null) {
      logs.remove(step.folded().log().number());
      folded = step.folded().last();
    }
    Catalog stored =
        new Catalog(
            folded,
            Math.max(catalog.last(), folded),
            catalog.nextFile(),
            next.stream().map(Image::id).toList(),
            logs);
    stored.store(files);
    List<Image> replaced = List.copyOf(images.subList(step.kept(), images.size()));
    catalog = stored;
    images = next;
    pending = null;
    for (Image image : replaced) {
      close(image);
      unneeded.add(image.id().fileName());
    }
    if (step.folded() != null) {
      sealed.removeFirst();
      retire(step.folded().log());
    }
    unneeded.remove();
    notifyAll();
  }

  private void retire(BatchLog log) {
    if (spare == null) {
      spare = log;
    } else {
      close(log);
      unneeded.add(BatchLog.fileName(log.number()));
    }
  }

  // ---------------------------------------------------------------- closing

  /**
   * Folds what is sealed, because the next start would hold all of it in memory at once; notes how
   * far the log goes, and closes all files but the log that grows. Only the first call does
   * anything.
   *
   * @param last the last batch that was appended; negative if none was since the start
   */
  synchronized void close(long last) {
    if (closing) {
      return;
    }
    closing = true;
    if (last >= 0) {
      startFolding();
    }
    while (folding) {
      awaitFolding();
    }
    closed = true;
    try {
      if (last >= 0) {
        new Catalog(catalog.folded(), last, catalog.nextFile(), catalog.images(), catalog.logs())
            .store(files);
        if (pending != null) {
          unneeded.add(pending.image().id().fileName());
        }
        unneeded.remove();
      }
    } catch (ArrayException e) {
      LOG.warn("the end of the log is not noted: {}", e.getMessage());
    } finally {
      closeFiles();
    }
  }

  private void closeFiles() {
    if (spare != null) {
      close(spare);
    }
    if (pending != null) {
      close(pending.image());
    }
    sealed.forEach(each -> close(each.log()));
    images.forEach(LogFolder::close);
  }

  /** A file that was only read, or whose contents are forced, loses nothing. */
  static void close(AutoCloseable file) {
    try {
      file.close();
    } catch (Exception e) {
      LOG.warn("closing failed: {}", e.getMessage());
    }
  }
}
