/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;
import org.facsim.array.Volume.Seek;
import org.facsim.services.offload.JobState;

/**
 * A clone that an administrator has the array make of a file, or of a VM's directory.
 *
 * <h2>Shared</h2>
 *
 * One step of the array, at one moment for all files. It cannot be half done.
 *
 * <h2>Copied</h2>
 *
 * <ol>
 *   <li>Every file is frozen: a file without a name shares its blocks, so that what is written to
 *       the source from now on does not come into the clone.
 *   <li>The directory is made, and then file by file the data is copied, holes left out, at the
 *       profile's rate.
 *   <li>If it is cancelled or fails, what was made of the clone is removed again.
 * </ol>
 *
 * <p>A restore of a named state, or another run of the array, ends the task as lost, and the clone
 * is left to whatever the state has. Steps run on one thread; the status may be read by any.
 */
final class CloneTask {
  private static final int PIECE_BYTES = Volume.MAX_TRANSFER_BYTES;
  private static final int PAGE_ENTRIES = 256;
  private static final int MAX_FILES = 65_536;
  private static final int MAX_DEPTH = 64;
  private static final double SECOND_NANOS = 1e9;

  private final CloneRequest request;
  private final FileControl files;
  private final Visits visits;
  private final InstantSource clock;
  private final Told told;
  private final long restoreCount;
  private final long starts;

  /** Whether anything of the clone was made, which goes again if the task fails; of its thread. */
  private boolean hasMade;

  // Guarded by this.
  private ConsoleClone status;
  private boolean isCancelled;
  private String whyLost = "";

  /** Is told of each state. */
  interface Told {
    void changed(ConsoleClone status, JobState from);
  }

  /** A file that is to be copied. */
  private record Frozen(String path, Inode contents, int mode, long sizeBytes) {}

  private static final class Cancelled extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final class Lost extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lost(String why) {
      super(why);
    }
  }

  CloneTask(
      long id,
      CloneRequest request,
      FileControl files,
      Visits visits,
      InstantSource clock,
      Told told) {
    this.request = request;
    this.files = files;
    this.visits = visits;
    this.clock = clock;
    this.told = told;
    restoreCount = request.volume().array().restoreCount();
    starts = request.volume().array().starts();
    status =
        new ConsoleClone(
            id,
            request.sourceVolume().name(),
            request.sourcePath(),
            request.volume().name(),
            request.path(),
            request.profile().name(),
            request.isCopied(),
            JobState.QUEUED,
            "",
            0,
            0,
            0,
            clock.instant(),
            null);
  }

  synchronized ConsoleClone status() {
    return status;
  }

  /** Ends it as soon as it can; does nothing if it has ended. */
  void cancel() {
    boolean isWaiting;
    synchronized (this) {
      isCancelled = true;
      isWaiting = status.state() == JobState.QUEUED;
    }
    if (isWaiting) {
      enter(JobState.ABORTED, "cancelled");
    }
  }

  /** The array goes: no step begins any more. */
  void lose(String why) {
    boolean isWaiting;
    synchronized (this) {
      whyLost = why;
      isWaiting = status.state() == JobState.QUEUED;
    }
    if (isWaiting) {
      enter(JobState.LOST, why);
    }
  }

  // ---------------------------------------------------------------- states

  private boolean enter(JobState next, String reason) {
    ConsoleClone now;
    JobState from;
    synchronized (this) {
      if (status.hasEnded()) {
        return false;
      }
      from = status.state();
      Instant end = next == JobState.RUNNING ? null : clock.instant();
      long done = next == JobState.SUCCEEDED ? status.totalBytes() : status.doneBytes();
      now = with(next, reason, status.files(), status.totalBytes(), done, end);
      status = now;
    }
    told.changed(now, from);
    return true;
  }

  private ConsoleClone with(
      JobState state, String reason, int fileCount, long totalBytes, long doneBytes, Instant end) {
    return new ConsoleClone(
        status.id(),
        status.sourceVolume(),
        status.sourcePath(),
        status.volume(),
        status.path(),
        status.profile(),
        status.isCopied(),
        state,
        reason,
        fileCount,
        totalBytes,
        doneBytes,
        status.startedAt(),
        end);
  }

  private synchronized void has(int fileCount, long totalBytes) {
    status = with(status.state(), "", fileCount, totalBytes, 0, null);
  }

  private synchronized void did(long bytes) {
    long done = Math.min(status.totalBytes(), status.doneBytes() + bytes);
    status = with(status.state(), "", status.files(), status.totalBytes(), done, null);
  }

  /** Before each step. */
  private void checkGoesOn() {
    synchronized (this) {
      if (isCancelled) {
        throw new Cancelled();
      }
      if (!whyLost.isEmpty()) {
        throw new Lost(whyLost);
      }
    }
    if (request.volume().array().restoreCount() != restoreCount) {
      throw new Lost("a named state was restored meanwhile");
    }
    if (request.volume().array().starts() != starts) {
      throw new Lost("the array went away meanwhile");
    }
  }

  // ---------------------------------------------------------------- work

  void run() {
    if (!enter(JobState.RUNNING, "")) {
      return;
    }
    try {
      if (request.isCopied()) {
        copy();
      } else {
        inside(this::share);
      }
      enter(JobState.SUCCEEDED, request.isCopied() ? "copied inside the array" : "blocks shared");
    } catch (Cancelled e) {
      enter(JobState.ABORTED, "cancelled");
    } catch (Lost e) {
      enter(JobState.LOST, e.getMessage());
    } catch (ArrayException e) {
      enter(JobState.FAILED, e.error().name().toLowerCase(Locale.ROOT) + ": " + e.getMessage());
    } catch (RuntimeException e) {
      enter(JobState.LOST, "the array went away: " + e.getMessage());
    } catch (Error e) {
      enter(JobState.FAILED, "a defect of the array, see its log");
      throw e;
    }
  }

  private void inside(Runnable step) {
    visits.during(
        () -> {
          checkGoesOn();
          step.run();
        });
  }

  private void share() {
    Volume volume = request.volume();
    Inode source = files.find(volume, request.sourcePath());
    Name name = FileControl.lastName(request.path());
    volume.unlessRestored(
        restoreCount,
        () -> {
          Inode parent = files.parent(volume, request.path());
          return source.attributes().type() == FileType.DIRECTORY
              ? ArrayConsole.cloneDirectory(volume, source, parent, name)
              : shareFile(source, parent, name);
        });
    files.awaitDurable(volume);
    List<Inode> made = new ArrayList<>();
    long[] bytes = new long[1];
    forEachFile(
        files.find(volume, request.path()),
        "",
        0,
        (path, file) -> {
          made.add(file);
          bytes[0] += file.attributes().sizeBytes();
        });
    has(made.size(), bytes[0]);
  }

  private Inode shareFile(Inode source, Inode parent, Name name) {
    AttributeChanges mode = AttributeChanges.ofMode(source.attributes().mode() & 0777);
    var clones = request.volume().clones();
    return request.profile().cloningSnapshots()
        ? clones.cloneAsWithSnapshot(Caller.ROOT, source, parent, name, mode).inode()
        : clones.cloneAs(Caller.ROOT, source, parent, name, mode).inode();
  }

  private void copy() {
    List<Frozen> frozen = new ArrayList<>();
    boolean isDone = false;
    try {
      inside(() -> freeze(frozen));
      has(frozen.size(), frozen.stream().mapToLong(Frozen::sizeBytes).sum());
      inside(
          () -> {
            requireNew();
            makeDirectory();
          });
      for (Frozen each : frozen) {
        copy(each);
      }
      inside(() -> files.awaitDurable(request.volume()));
      isDone = true;
    } finally {
      release(frozen);
      if (!isDone && hasMade) {
        removeWhatWasMade();
      }
    }
  }

  private void requireNew() {
    try {
      files.find(request.volume(), request.path());
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NOT_FOUND) {
        return;
      }
      throw e;
    }
    throw new ArrayException(ArrayError.EXISTS, "'" + request.path() + "' is there already");
  }

  private void makeDirectory() {
    Inode source = files.find(request.sourceVolume(), request.sourcePath());
    if (source.attributes().type() == FileType.DIRECTORY) {
      hasMade = files.makeDirectories(request.volume(), request.path());
    }
  }

  private void freeze(List<Frozen> frozen) {
    Volume volume = request.sourceVolume();
    forEachFile(
        files.find(volume, request.sourcePath()),
        "",
        0,
        (path, file) -> {
          Inode contents = volume.clones().createUnnamed(Caller.ROOT);
          frozen.add(
              new Frozen(
                  path, contents, file.attributes().mode() & 0777, file.attributes().sizeBytes()));
          var unused = volume.clones().cloneFile(Caller.ROOT, file, contents);
        });
  }

  private interface FileVisitor {
    void visit(String path, Inode file);
  }

  /** Lock files and swap files belong to a run of a VM, and not to the VM. */
  private void forEachFile(Inode at, String path, int depth, FileVisitor visitor) {
    FileType type = at.attributes().type();
    if (type == FileType.REGULAR) {
      visitor.visit(path, at);
    } else if (type == FileType.DIRECTORY && depth < MAX_DEPTH) {
      long cookie = 0;
      DirectoryPage page;
      int count = 0;
      do {
        page = at.volume().names().readDirectory(Caller.ROOT, at, cookie, PAGE_ENTRIES);
        for (DirectoryEntry entry : page.entries()) {
          String name = entry.name().toString();
          cookie = entry.cookie();
          if (!ArrayConsole.belongsToARun(name) && count++ < MAX_FILES) {
            forEachFile(
                entry.inode(), path.isEmpty() ? name : path + "/" + name, depth + 1, visitor);
          }
        }
      } while (!page.endOfDirectory());
    }
  }

  private void copy(Frozen file) {
    String path = file.path().isEmpty() ? request.path() : request.path() + "/" + file.path();
    Inode[] made = new Inode[1];
    inside(() -> made[0] = make(path, file));
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);
    long at = 0;
    while (at < file.sizeBytes()) {
      long from = at;
      long[] next = new long[1];
      long startNanos = System.nanoTime();
      inside(() -> next[0] = copyPiece(file, made[0], from, piece));
      at = next[0];
      did(at - from);
      pace(startNanos, piece.position());
    }
  }

  private Inode make(String path, Frozen file) {
    Volume volume = request.volume();
    Inode made =
        volume
            .names()
            .create(
                Caller.ROOT,
                files.parent(volume, path),
                FileControl.lastName(path),
                new Volume.CreateMode.Guarded(),
                AttributeChanges.ofMode(file.mode()))
            .inode();
    hasMade = true;
    var unused =
        volume
            .attributes()
            .setAttributes(Caller.ROOT, made, AttributeChanges.ofSize(file.sizeBytes()), null);
    return made;
  }

  /** Copies the next data at or after an offset. Returns where to go on. */
  private long copyPiece(Frozen file, Inode to, long from, ByteBuffer piece) {
    piece.clear();
    Seek data = file.contents().volume().files().seekData(Caller.ROOT, file.contents(), from);
    if (data.endOfFile()) {
      piece.limit(0);
      return file.sizeBytes();
    }
    long at = data.offsetBytes();
    piece.limit((int) Math.min(PIECE_BYTES, file.sizeBytes() - at));
    var read = file.contents().volume().files().read(Caller.ROOT, file.contents(), at, piece);
    piece.flip();
    var unused = request.volume().files().write(Caller.ROOT, to, at, piece);
    return at + read.countBytes();
  }

  private void pace(long startNanos, int bytes) {
    long rate = request.profile().copyBytesPerSecond();
    if (rate == 0 || bytes == 0) {
      return;
    }
    long restNanos = (long) (bytes * SECOND_NANOS / rate) - (System.nanoTime() - startNanos);
    if (restNanos > 0) {
      try {
        Thread.sleep(restNanos / 1_000_000, (int) (restNanos % 1_000_000));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Lost("the array stops");
      }
    }
  }

  private void release(List<Frozen> frozen) {
    try {
      visits.during(
          () -> frozen.forEach(each -> each.contents().volume().files().release(each.contents())));
    } catch (RuntimeException gone) {
      // with the array's run the files without names are gone
    }
  }

  private void removeWhatWasMade() {
    try {
      Volume volume = request.volume();
      boolean isSameRun =
          volume.array().restoreCount() == restoreCount && volume.array().starts() == starts;
      if (isSameRun) {
        visits.during(() -> files.delete(volume, request.path(), true));
      }
    } catch (RuntimeException gone) {
      // nothing was made, or it is gone
    }
  }
}
