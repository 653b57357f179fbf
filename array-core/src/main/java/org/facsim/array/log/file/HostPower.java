/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.PayloadStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The power of the host on whose disk one data directory lies, for a start of the array until its
 * end. It can be made to {@link #fail}: from then on nothing reaches the disk, and every operation
 * that would change something fails. When the directory is closed, the disk loses what it had not
 * been forced to keep.
 *
 * <h2>What is lost</h2>
 *
 * Only while the disk is <em>watched</em> is it known what was there before. Then a failure takes,
 * of all that was written since {@link #watch} and not forced, either everything or each sector of
 * 512 bytes by chance, whatever the order of the writes was: so writes are lost, reordered and
 * torn. Of the changes of names that were not forced, a first part survives. A file that was only
 * grown gets its old size back when everything is lost. The formats never shorten a file, so a lost
 * truncation is not modelled.
 *
 * <p>A disk that is not watched loses nothing that was written, as when the operating system had
 * just written everything back: what only memory had is lost all the same.
 *
 * <p>Watching keeps at most about {@value #MAX_KEPT_BYTES} bytes; a file that would exceed that is
 * forced early. Unless it is watched, an operation costs one volatile read more.
 *
 * <p>Thread-safe. The monitor guards the names; it is taken before that of a file.
 */
public final class HostPower {
  private static final long MAX_KEPT_BYTES = 64L << 20;
  private static final Logger LOG = LoggerFactory.getLogger(HostPower.class);

  private enum State {
    ON,
    WATCHED,
    OFF
  }

  private final SplittableRandom random;
  private final AtomicLong keptBytes = new AtomicLong();
  private final AtomicReference<State> state = new AtomicReference<>(State.ON);

  /** What happens instead of the next force of metadata; null for nothing. */
  private volatile Runnable insteadOfForce;

  // Guarded by this.
  private final Map<String, UnforcedFile> files = new HashMap<>();
  private UnforcedNames names;
  private boolean wasWatched;

  /**
   * On, and not watched.
   *
   * @param random decides what is lost
   */
  public HostPower(SplittableRandom random) {
    this.random = random;
  }

  /** From now on it is known what a failure takes. Never waits. */
  public void watch() {
    state.compareAndSet(State.ON, State.WATCHED);
  }

  /** What was written so far survives, and so does what is written later. */
  public synchronized void unwatch() {
    if (isWatched()) {
      settle();
      state.compareAndSet(State.WATCHED, State.ON);
    }
  }

  private void settle() {
    files.values().forEach(UnforcedFile::forget);
    if (names != null) {
      names.settle();
    }
  }

  /** From now on nothing reaches the disk. */
  public synchronized void fail() {
    State before = state.getAndSet(State.OFF);
    wasWatched |= before == State.WATCHED;
  }

  public boolean isOff() {
    return state.get() == State.OFF;
  }

  boolean isWatched() {
    return state.get() == State.WATCHED;
  }

  /** Whether files are as they always are: neither watched nor off. */
  boolean isPlain() {
    return state.get() == State.ON;
  }

  /**
   * The next force of metadata does not happen; a failure happens instead.
   *
   * @param failure runs in the thread that would have forced; null to forget it
   */
  public void insteadOfNextForce(Runnable failure) {
    insteadOfForce = failure;
  }

  /**
   * To be asked before anything is changed.
   *
   * @throws ArrayException IO
   */
  void requireOn() {
    if (isOff()) {
      throw new ArrayException(ArrayError.IO, "the power is off");
    }
  }

  boolean isFull() {
    return keptBytes.get() > MAX_KEPT_BYTES;
  }

  /** What is kept now, in bytes. */
  long keptBytes() {
    return keptBytes.get();
  }

  void kept(long bytes) {
    keptBytes.addAndGet(bytes);
  }

  // ---------------------------------------------------------------- files

  private synchronized UnforcedFile file(String name) {
    return files.computeIfAbsent(name, unused -> new UnforcedFile(this));
  }

  /** The same payload; {@code isNew} if its name was made just now. */
  PayloadStore over(PayloadStore payload, boolean isNew) {
    if (isNew) {
      noteCreated(payload.name());
    }
    return new PoweredPayload(this, file(payload.name()), payload);
  }

  private synchronized void noteCreated(String name) {
    if (isWatched()) {
      names.created(name);
    }
  }

  /** The same files. */
  synchronized MetadataFiles over(MetadataFiles disk) {
    names = new UnforcedNames(disk);
    return new PoweredFiles(this, disk);
  }

  /** Opens a file, made if it is not there. */
  synchronized MetadataFile open(MetadataFiles disk, String name) {
    requireOn();
    names.reuse(name);
    boolean isNew = !disk.exists(name);
    MetadataFile opened = disk.open(name);
    if (isNew) {
      noteCreated(name);
    }
    return new PoweredFile(this, file(name), opened);
  }

  synchronized boolean exists(MetadataFiles disk, String name) {
    return disk.exists(name) && !names.isRemoved(name);
  }

  synchronized Set<String> names(MetadataFiles disk) {
    return names.visible(disk.names());
  }

  synchronized void forceNames() {
    requireOn();
    names.force();
  }

  /** Is asked before metadata is forced. */
  void beforeForce() {
    Runnable instead = insteadOfForce;
    if (instead != null) {
      insteadOfForce = null;
      instead.run();
    }
  }

  synchronized void rename(MetadataFiles disk, String from, String to) {
    requireOn();
    if (isWatched()) {
      names.rename(from, to);
    } else {
      disk.rename(from, to);
    }
    UnforcedFile moved = files.remove(from);
    if (moved != null) {
      files.put(to, moved);
    }
  }

  /** Removes a file of either kind. */
  synchronized void remove(MetadataFiles disk, String name) {
    requireOn();
    if (isWatched()) {
      names.remove(name);
    } else {
      disk.delete(name);
      files.remove(name);
    }
  }

  // ---------------------------------------------------------------- afterwards

  /**
   * The directory is being closed, its metadata files are closed already: the disk loses what a
   * failure takes. Without a failure, what was put off while it was watched happens now.
   */
  synchronized void closing(Path directory) {
    if (isWatched()) {
      settle();
    } else if (isOff() && wasWatched) {
      boolean all = random.nextBoolean();
      try {
        lose(directory, all);
      } catch (IOException e) {
        throw DiskErrors.failed("taking back what a power failure loses in", directory, e);
      }
    }
  }

  private void lose(Path directory, boolean all) throws IOException {
    long sectors = 0;
    for (Map.Entry<String, UnforcedFile> each : new TreeMap<>(files).entrySet()) {
      Path path = directory.resolve(each.getKey());
      if (!each.getValue().isClean() && Files.exists(path)) {
        try (SurvivingFile file = new SurvivingFile(path)) {
          sectors += each.getValue().lose(file, all, random);
        }
      }
    }
    names.lose(directory, all, random);
    LOG.info("a power failure took {} sectors that were not forced", sectors);
  }
}
