/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Takes what guests trim on one datastore, and sends it to the array as few UNMAPs.
 *
 * <h2>Steps</h2>
 *
 * <ol>
 *   <li>A TRIM is refused at once if UNMAP is off, if the disk is thick, if the VM has snapshots,
 *       or if the array does not offer UNMAP for the file. The array is asked once for each file.
 *   <li>The first range of a file opens a batch window. Ranges that come within it are collected;
 *       what touches or overlaps becomes one range.
 *   <li>At the window's end the ranges wait as one or more UNMAPs, each with as many ranges as the
 *       array takes. If as many wait as the queue is deep, the rest is refused.
 *   <li>As many UNMAPs as there are threads are under way at a time.
 * </ol>
 *
 * <p>A host does not check that the guest leaves a trimmed range alone until the array has
 * answered; guests see to that. What is cancelled before it is sent changes nothing. Thread-safe;
 * nothing blocks but {@link #granularity}.
 */
public final class UnmapQueue implements AutoCloseable {
  /** Runs a task after a time, which is never negative. */
  @FunctionalInterface
  public interface Timer {
    void after(Duration delay, Runnable task);
  }

  private final CloneOffload offload;
  private final VaaiCounters counters;
  private final Supplier<UnmapSettings> settings;
  private final Timer timer;

  // By file id, guarded by this; nothing outside is called with the monitor held.
  private final Map<Long, Batch> collecting = new LinkedHashMap<>();
  private final Map<Long, Known> known = new HashMap<>();
  private final Queue<Unmap> waiting = new ArrayDeque<>();
  private int underWay;
  private boolean isClosed;

  /** What the array answered about a file; null while it is asked. */
  private static final class Known {
    Optional<UnmapGranularity> answer;
    boolean isCancelled;
  }

  /** Ranges of one file, and who waits for them. */
  private static final class Batch {
    final DatastoreFile file;
    final List<FileRange> ranges = new ArrayList<>();
    final CompletableFuture<TrimOutcome> outcome = new CompletableFuture<>();

    /** UNMAPs of it that have not ended. */
    int left;

    /** What its UNMAPs came to, so far: the worst of them. */
    TrimOutcome worst = TrimOutcome.UNMAPPED;

    Batch(DatastoreFile file) {
      this.file = file;
    }
  }

  /** One call to the array. */
  private record Unmap(Batch batch, List<FileRange> ranges) {}

  /**
   * @param settings as they are now; asked for each TRIM and for each window's end
   * @param timer ends batch windows
   */
  UnmapQueue(
      CloneOffload offload, VaaiCounters counters, Supplier<UnmapSettings> settings, Timer timer) {
    this.offload = Objects.requireNonNull(offload);
    this.counters = Objects.requireNonNull(counters);
    this.settings = Objects.requireNonNull(settings);
    this.timer = Objects.requireNonNull(timer);
  }

  // ---------------------------------------------------------------- what guests ask for

  /**
   * What a guest is told when it asks its disk for UNMAP, which it does when it boots. Empty if
   * UNMAP does not work: the guest then sends no TRIM until its next boot. Waits for the array,
   * which is asked anew each time.
   *
   * @param isThin whether the disk is thin
   */
  public Optional<UnmapGranularity> offered(DatastoreFile file, boolean isThin) {
    if (!settings.get().isEnabled() || !isThin || file.version() != MountVersion.NFS3) {
      return Optional.empty();
    }
    return ask(file);
  }

  /**
   * Takes a guest's TRIM. The first one of a file waits for the array's granularity, unless {@link
   * #offered} has asked for it; others return at once.
   *
   * @return completes when the array has answered, or when it is clear that it is not asked; never
   *     fails
   */
  public CompletableFuture<TrimOutcome> trim(GuestTrim trim) {
    UnmapSettings now = settings.get();
    if (!now.isEnabled()) {
      return CompletableFuture.completedFuture(TrimOutcome.OFF);
    } else if (trim.file().version() != MountVersion.NFS3) {
      return CompletableFuture.completedFuture(TrimOutcome.NFS41);
    } else if (!trim.isThin()) {
      return CompletableFuture.completedFuture(TrimOutcome.THICK_DISK);
    } else if (trim.hasSnapshots()) {
      return CompletableFuture.completedFuture(TrimOutcome.SNAPSHOTS);
    } else if (granularity(trim.file()).isEmpty()) {
      return CompletableFuture.completedFuture(TrimOutcome.NOT_SUPPORTED);
    }
    Batch batch;
    boolean isFirst;
    synchronized (this) {
      if (isClosed) {
        return CompletableFuture.completedFuture(TrimOutcome.CANCELLED);
      }
      Batch open = collecting.get(trim.file().fileId());
      isFirst = open == null;
      batch = isFirst ? new Batch(trim.file()) : open;
      collecting.put(trim.file().fileId(), batch);
      batch.ranges.add(trim.range());
    }
    if (isFirst) {
      timer.after(now.batchWindow(), () -> windowEnds(batch));
    }
    return batch.outcome;
  }

  private Optional<UnmapGranularity> granularity(DatastoreFile file) {
    synchronized (this) {
      Known one = known.get(file.fileId());
      if (one != null && one.answer != null) {
        return one.answer;
      }
    }
    return ask(file);
  }

  private Optional<UnmapGranularity> ask(DatastoreFile file) {
    Known asked = new Known();
    synchronized (this) {
      known.put(file.fileId(), asked);
    }
    Optional<UnmapGranularity> answer;
    try {
      answer = Optional.of(offload.unmapGranularity(file));
    } catch (OffloadException refused) {
      answer = Optional.empty();
    }
    synchronized (this) {
      if (!asked.isCancelled) {
        asked.answer = answer;
        counters.count(
            answer.isPresent()
                ? VaaiCounter.UNMAP_GRANULARITY_SUCCESS
                : VaaiCounter.UNMAP_GRANULARITY_FAILURE);
        return answer;
      }
      counters.count(
          answer.isPresent()
              ? VaaiCounter.UNMAP_GRANULARITY_CANCEL_SUCCESS
              : VaaiCounter.UNMAP_GRANULARITY_CANCEL_FAILURE);
      return Optional.empty();
    }
  }

  /**
   * Takes back what is not sent yet of a file, because its VM goes off or its guest asks for it,
   * and forgets what the array said of the file.
   */
  public void cancel(DatastoreFile file) {
    takeBack(file, VaaiCounter.UNMAP_CANCEL_SUCCESS);
    synchronized (this) {
      Known one = known.remove(file.fileId());
      if (one != null && one.answer == null) {
        one.isCancelled = true;
      }
    }
  }

  /** Takes back what is not sent yet of a file, because its virtual disk is reset. */
  public void reset(DatastoreFile file) {
    takeBack(file, VaaiCounter.UNMAP_RESET_SUCCESS);
  }

  private void takeBack(DatastoreFile file, VaaiCounter counter) {
    List<Batch> ended = new ArrayList<>();
    synchronized (this) {
      Batch open = collecting.remove(file.fileId());
      if (open != null) {
        counters.count(counter);
        open.worst = TrimOutcome.CANCELLED;
        ended.add(open);
      }
      waiting.removeIf(
          unmap -> {
            boolean isOfIt = unmap.batch.file.fileId() == file.fileId();
            if (isOfIt) {
              counters.count(counter);
              note(unmap.batch, TrimOutcome.CANCELLED, ended);
            }
            return isOfIt;
          });
    }
    ended.forEach(batch -> batch.outcome.complete(batch.worst));
  }

  // ---------------------------------------------------------------- what is sent

  private void windowEnds(Batch batch) {
    UnmapSettings now = settings.get();
    List<Batch> ended = new ArrayList<>();
    synchronized (this) {
      if (!collecting.remove(batch.file.fileId(), batch)) {
        return; // taken back
      }
      Known one = known.get(batch.file.fileId());
      int maxRanges =
          one == null || one.answer == null
              ? 1
              : one.answer.map(UnmapGranularity::maxRanges).orElse(1);
      List<List<FileRange>> parts = parts(coalesced(batch.ranges), maxRanges);
      batch.left = parts.size();
      for (List<FileRange> some : parts) {
        if (waiting.size() < now.maxQueueDepth()) {
          waiting.add(new Unmap(batch, some));
        } else {
          note(batch, TrimOutcome.QUEUE_FULL, ended);
        }
      }
    }
    ended.forEach(each -> each.outcome.complete(each.worst));
    sendNext();
  }

  /** What touches or overlaps becomes one range; in the order of the offsets. */
  static List<FileRange> coalesced(List<FileRange> ranges) {
    List<FileRange> merged = new ArrayList<>();
    FileRange last = null;
    for (FileRange next :
        ranges.stream().sorted(Comparator.comparingLong(FileRange::offsetBytes)).toList()) {
      if (last == null || next.offsetBytes() > last.endBytes()) {
        merged.add(next);
      } else {
        long end = Math.max(last.endBytes(), next.endBytes());
        merged.set(merged.size() - 1, new FileRange(last.offsetBytes(), end - last.offsetBytes()));
      }
      last = merged.get(merged.size() - 1);
    }
    return merged;
  }

  private static List<List<FileRange>> parts(List<FileRange> ranges, int maxRanges) {
    List<List<FileRange>> parts = new ArrayList<>();
    for (int from = 0; from < ranges.size(); from += maxRanges) {
      parts.add(List.copyOf(ranges.subList(from, Math.min(ranges.size(), from + maxRanges))));
    }
    return parts;
  }

  private void sendNext() {
    while (true) {
      Unmap next;
      synchronized (this) {
        if (underWay >= settings.get().maxThreads() || waiting.isEmpty()) {
          return;
        }
        underWay++;
        next = waiting.remove();
      }
      var unused =
          offload
              .unmap(next.batch.file, next.ranges)
              .whenComplete((space, failure) -> answered(next, failure));
    }
  }

  private void answered(Unmap unmap, Throwable failure) {
    counters.count(failure == null ? VaaiCounter.UNMAP_SUCCESS : VaaiCounter.UNMAP_FAILURE);
    List<Batch> ended = new ArrayList<>();
    synchronized (this) {
      underWay--;
      note(unmap.batch, failure == null ? TrimOutcome.UNMAPPED : TrimOutcome.FAILED, ended);
    }
    ended.forEach(batch -> batch.outcome.complete(batch.worst));
    sendNext();
  }

  /** One UNMAP of a batch has ended; with the monitor held. */
  private static void note(Batch batch, TrimOutcome outcome, List<Batch> ended) {
    batch.left--;
    if (outcome != TrimOutcome.UNMAPPED) {
      batch.worst = outcome;
    }
    if (batch.left == 0) {
      ended.add(batch);
    }
  }

  /** Cancels what is not sent; what comes later is cancelled, too. */
  @Override
  public void close() {
    List<DatastoreFile> files = new ArrayList<>();
    synchronized (this) {
      isClosed = true;
      collecting.values().forEach(batch -> files.add(batch.file));
      waiting.forEach(unmap -> files.add(unmap.batch.file));
    }
    files.forEach(this::cancel);
  }
}
