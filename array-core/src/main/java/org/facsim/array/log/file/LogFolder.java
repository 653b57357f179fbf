/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
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
 *   <li>If the image cannot be written, what there is of it is removed. The next attempt uses its
 *       number, because no catalog ever named it. So attempts do not fill a disk further that is
 *       full.
 *   <li>If the catalog cannot be stored, the old or the new catalog may be on the disk. The image
 *       is kept, and the next attempt stores only the catalog.
 *   <li>If a file that is not needed any more cannot be removed, it is removed later.
 * </ul>
 *
 * The next attempt comes with an append, but not before some time has passed ({@link
 * BackgroundSteps}).
 *
 * <p>Thread-safe. The monitor guards all fields. It is held while a catalog is stored, but never
 * while an image is written.
 */
final class LogFolder implements BackgroundSteps.Work {
  /** If more sealed logs than this wait, appending waits, too. */
  private static final int MAX_SEALED = 8;

  /** If a start finds more sealed logs than this, it folds them before it loads anything. */
  private static final int MAX_SEALED_IN_MEMORY = 1;

  private static final Logger LOG = LoggerFactory.getLogger(LogFolder.class);

  /** A log to fold, and the last batch in it. */
  private record Sealed(BatchLog log, long last) {}

  /**
   * An image that is written and not yet in the catalog.
   *
   * @param kept how many of the images stay beneath it; it replaces the others
   * @param folded the log that it holds; null after a merge
   */
  private record Step(Image image, int kept, Sealed folded) {}

  private final MetadataFiles files;
  private final BackgroundSteps background;
  private final CurrentCatalog catalog;
  private final UnneededFiles unneeded;

  private ImageStack images = new ImageStack(List.of());
  private final Deque<Sealed> sealed = new ArrayDeque<>();

  /** A log that was folded and will be used again; null if there is none. */
  private BatchLog spare;

  private Step pending;
  private boolean mergeFailed;
  private boolean closed;

  /**
   * @param executor one thread for the background, or the caller's own
   * @param nanoTime as {@link System#nanoTime}
   */
  LogFolder(MetadataFiles files, Executor executor, LongSupplier nanoTime, Catalog catalog) {
    this.files = files;
    this.catalog = new CurrentCatalog(files, catalog);
    background = new BackgroundSteps("folding the log", this, executor, nanoTime, this);
    unneeded = new UnneededFiles(files);
  }

  /** Adds the next image of the catalog, while the metadata is opened. */
  synchronized void add(Image image) {
    images = images.with(images.size(), image);
  }

  /** Adds a log that another one follows, while the metadata is opened. */
  synchronized void addSealed(BatchLog log, long last) {
    sealed.add(new Sealed(log, last));
  }

  /**
   * Returns what is there, the lowest layer first, without the log that grows. It is called while
   * the metadata is opened, after everything was added. If a crash left several sealed logs, this
   * folds them first, one after another, because all of them together would take as much memory as
   * the names that they hold. If that is not possible, for example on a full disk, or if nothing
   * may be written, it sorts them in memory.
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
    List<Layer> layers = new ArrayList<>(images.images());
    long first = catalog.folded() + 1;
    for (Sealed each : sealed) {
      layers.add(sorted(each, first));
      first = each.last() + 1;
    }
    return layers;
  }

  // ---------------------------------------------------------------- appending

  /**
   * Appending begins. This removes files that the catalog does not name, and folds the logs that a
   * crash left sealed.
   */
  synchronized void begin() {
    Set<String> named = catalog.namedFiles();
    if (pending != null) { // the next catalog names it, and perhaps the one on the disk does
      named.add(pending.image().id().fileName());
    }
    if (spare != null) {
      named.add(BatchLog.fileName(spare.number()));
    }
    unneeded.addAllBut(named);
    unneeded.remove();
    background.start();
  }

  /** A batch is about to be appended. What failed before may be due again. */
  void appending() {
    if (background.failure() != null) {
      synchronized (this) {
        background.start();
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
    BatchLog fresh = isNew ? new BatchLog(files, catalog.newLogNumber()) : spare;
    boolean done = false;
    try {
      fresh.prepare();
      fresh.restart();
      catalog.addLog(fresh.number(), last);
      done = true;
    } finally {
      if (!done && isNew) {
        fresh.close();
      }
    }
    spare = isNew ? spare : null;
    sealed.add(new Sealed(full, last));
    background.start();
    return fresh;
  }

  private void awaitRoom() {
    background.start();
    while (sealed.size() >= MAX_SEALED && background.isRunning()) {
      background.await();
    }
    if (sealed.size() >= MAX_SEALED) {
      ArrayException why = background.failure();
      throw why != null
          ? why
          : new ArrayException(ArrayError.IO, "the logs cannot be folded: the array is closed");
    }
  }

  // ---------------------------------------------------------------- the background

  @Override
  public synchronized boolean isWaiting() {
    return !sealed.isEmpty() || pending != null;
  }

  @Override
  public boolean step() {
    Sealed oldest;
    ImageStack all;
    boolean mergesNow;
    synchronized (this) {
      unneeded.remove();
      if (pending != null) {
        complete();
        return true;
      }
      oldest = sealed.peekFirst();
      all = images;
      // A merge needs more room than a fold, so after a failed merge everything is folded first.
      mergesNow = all.wantsMerge() && (!mergeFailed || oldest == null);
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

  private void merge(ImageStack all) {
    int lowest = all.lowestToMerge();
    Image one = write(all.merged(lowest));
    synchronized (this) {
      pending = new Step(one, lowest, null);
    }
  }

  /**
   * Writes a layer as a new image, which no catalog names yet. If that fails, nothing is left of
   * it.
   */
  private Image write(Layer layer) {
    long number;
    synchronized (this) {
      number = catalog.takeImageNumber();
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
    catalog.giveBack(number);
    unneeded.add(Image.fileName(number));
    unneeded.remove();
    unneeded.forget(Image.fileName(number)); // the next attempt begins by removing it
  }

  /** Puts the image that was written in its place. */
  private void complete() {
    Step step = pending;
    ImageStack next = images.with(step.kept(), step.image());
    if (step.folded() == null) {
      catalog.setImages(next.images());
    } else {
      catalog.setImages(next.images(), step.folded().log(), step.folded().last());
    }
    List<Image> replaced = images.above(step.kept());
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
   * Folds the sealed logs, because the next start would otherwise hold all of them in memory at
   * once. Then it notes how far the log goes, and closes all files except the log that grows. Only
   * the first call does anything.
   *
   * @param last the last batch that was appended; negative if none was appended since the start
   */
  synchronized void close(long last) {
    if (closed) {
      return;
    }
    closed = true;
    if (last >= 0) {
      background.start();
    }
    background.stop();
    try {
      if (last >= 0) {
        catalog.noteEnd(last);
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
    images.images().forEach(LogFolder::close);
  }

  /**
   * Closes a file that was only read, or whose contents are forced, so that a failure loses
   * nothing.
   */
  static void close(AutoCloseable file) {
    try {
      file.close();
    } catch (Exception e) {
      LOG.warn("closing failed: {}", e.getMessage());
    }
  }
}
