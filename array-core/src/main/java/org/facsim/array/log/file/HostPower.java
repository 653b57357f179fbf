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
 * The power of the host on whose disk one data directory lies, from one start of the array to its
 * end. It can be made to {@link #fail}. From then on nothing reaches the disk, and every operation
 * that would change something fails. When the directory is closed, the disk loses what was not
 * forced.
 *
 * <h2>What is lost</h2>
 *
 * What was on the disk before a write is known only while the disk is <em>watched</em>. Then a
 * failure takes either everything that was written since {@link #watch} and not forced, or some of
 * it: each sector of 512 bytes is lost or not, by chance and without regard to the order of the
 * writes. So writes are lost, reordered and torn. Of the changes of names that were not forced, the
 * earliest survive, and chance decides how many. A file that has grown gets its old size back if
 * everything is lost. Lost truncations are not modelled, because the formats never shorten a file.
 *
 * <p>A disk that is not watched loses nothing that was written, as if the operating system had just
 * written everything back. What was only in memory is lost in any case.
 *
 * <p>Watching keeps at most about {@value #MAX_KEPT_BYTES} bytes of memory. Once they are used up,
 * a write forces its file first. While the disk is not watched, an operation costs one volatile
 * read more than without this class.
 *
 * <p>Thread-safe. The monitor guards the names. A thread that needs the monitor of a file, too,
 * takes this one first.
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

  /** From now on, what was on the disk before a write is kept. Never waits. */
  public void watch() {
    state.compareAndSet(State.ON, State.WATCHED);
  }

  /** From now on, a failure loses nothing that was written, whether before or after this call. */
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
   * Plans a failure for the moment before metadata is next forced.
   *
   * @param failure runs in the thread that is about to force; null for none
   */
  public void insteadOfNextForce(Runnable failure) {
    insteadOfForce = failure;
  }

  /**
   * Checks, before a change, that there is power.
   *
   * @throws ArrayException BUSY if there is none: whoever hears of it tries again when the array is
   *     back
   */
  void requireOn() {
    if (isOff()) {
      throw new ArrayException(ArrayError.BUSY, "the power is off");
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

  /**
   * The payload, as a disk with this power keeps it.
   *
   * @param isNew whether its name was made just now
   */
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

  /** The files, as a disk with this power keeps them. */
  synchronized MetadataFiles over(MetadataFiles disk) {
    names = new UnforcedNames(disk);
    return new PoweredFiles(this, disk);
  }

  /** Opens a file, and makes it if it is not there. */
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

  /** Must be called before metadata is forced; a planned failure happens in this call. */
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
   * Must be called while the directory is being closed, when its metadata files are closed. After a
   * failure, the disk loses what the failure takes. Without one, removals that were put off happen
   * now.
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
