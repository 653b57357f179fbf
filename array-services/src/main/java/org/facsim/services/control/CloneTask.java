/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.nio.ByteBuffer;
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
 * is left to whatever the state has. Steps run on one thread.
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
  private final CloneProgress progress;

  /** Whether anything of the clone was made, which goes again if the task fails; of its thread. */
  private boolean hasMade;

  /** A file that is to be copied. */
  private record Frozen(String path, Inode contents, int mode, long sizeBytes) {}

  CloneTask(CloneProgress progress, FileControl files, Visits visits) {
    this.progress = progress;
    this.request = progress.request();
    this.files = files;
    this.visits = visits;
  }

  CloneProgress progress() {
    return progress;
  }

  ConsoleClone status() {
    return progress.status();
  }

  // ---------------------------------------------------------------- work

  void run() {
    if (!progress.enter(JobState.RUNNING, "")) {
      return;
    }
    try {
      if (request.isCopied()) {
        copy();
      } else {
        inside(this::share);
      }
      progress.enter(
          JobState.SUCCEEDED, request.isCopied() ? "copied inside the array" : "blocks shared");
    } catch (CloneProgress.Cancelled e) {
      progress.enter(JobState.ABORTED, "cancelled");
    } catch (CloneProgress.Lost e) {
      progress.enter(JobState.LOST, e.getMessage());
    } catch (ArrayException e) {
      progress.enter(
          JobState.FAILED, e.error().name().toLowerCase(Locale.ROOT) + ": " + e.getMessage());
    } catch (RuntimeException e) {
      progress.enter(JobState.LOST, "the array went away: " + e.getMessage());
    } catch (Error e) {
      progress.enter(JobState.FAILED, "a defect of the array, see its log");
      throw e;
    }
  }

  private void inside(Runnable step) {
    visits.during(
        () -> {
          progress.checkGoesOn();
          step.run();
        });
  }

  private void share() {
    Volume volume = request.volume();
    Inode source = files.find(volume, request.sourcePath());
    Name name = FileControl.lastName(request.path());
    volume.unlessRestored(
        progress.restoreCount(),
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
    progress.has(made.size(), bytes[0]);
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
      progress.has(frozen.size(), frozen.stream().mapToLong(Frozen::sizeBytes).sum());
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
      progress.did(at - from);
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
        throw new CloneProgress.Lost("the array stops");
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
      if (progress.isSameRun()) {
        visits.during(() -> files.delete(volume, request.path(), true));
      }
    } catch (RuntimeException gone) {
      // nothing was made, or it is gone
    }
  }
}
