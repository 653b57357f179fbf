/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.AttributeChanges.TimeChange;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Snapshot;
import org.facsim.array.Volume;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;
import org.facsim.services.state.Delegations;

/**
 * Makes a file, or a directory with everything below it, what it was when a snapshot was taken of
 * it, in place: files keep their ids and handles, so that no client's handle becomes stale.
 *
 * <ol>
 *   <li>Delegations on the files are recalled, because their holders answer from caches.
 *   <li>With the volume locked, both trees are compared. Nothing has changed so far.
 *   <li>What is missing is made. If that fails, what was made is removed, and everything is as it
 *       was.
 *   <li>Files that are there get the snapshot's contents and attributes, and what the snapshot does
 *       not have is removed. Neither can fail for want of space.
 * </ol>
 *
 * <p>An observer sees the state before or the state after, because the lock is held from the
 * comparison to the end. Lock and swap files of a running VM are left alone: they belong to its
 * run.
 *
 * <p>Known flaw: a client that is given a delegation between the recall and the lock answers from
 * its cache until it gives the delegation back.
 */
final class SnapshotRevert {
  /** The most entries of a tree, because the volume is locked meanwhile. */
  static final int MAX_ENTRIES = 16_384;

  private static final int MAX_DEPTH = 64;
  private static final int PAGE_ENTRIES = 256;
  private static final String SNAPSHOTS = ".snapshot";

  private final Volume volume;
  private final Snapshot snapshot;
  private final List<Pair> there = new ArrayList<>();
  private final List<Missing> missing = new ArrayList<>();
  private final List<Surplus> surplus = new ArrayList<>();
  private int left = MAX_ENTRIES;

  SnapshotRevert(Volume volume, Snapshot snapshot) {
    this.volume = volume;
    this.snapshot = snapshot;
  }

  private record Pair(Inode from, Inode to) {}

  private record Missing(Inode from, Inode parent, Name name) {}

  private record Surplus(Inode parent, Name name, Inode inode) {}

  /** Where the snapshot's source is now. */
  private record Place(String path, Inode inode) {}

  /**
   * Does it.
   *
   * @return the path of what was reverted; empty for the volume's root
   * @throws ArrayException NOT_FOUND (what the snapshot was taken of is gone), WRONG_TYPE (a file
   *     is a directory now, or the other way around; or something else than these is missing),
   *     INVALID_ARGUMENT (more than {@value #MAX_ENTRIES} entries), NO_SPACE, STALE (a named state
   *     was restored meanwhile); nothing has changed then
   */
  String run(Delegations delegations) {
    long restoreCount = volume.array().restoreCount();
    Place place =
        find()
            .orElseThrow(
                () ->
                    new ArrayException(
                        ArrayError.NOT_FOUND,
                        "what snapshot '"
                            + snapshot.name()
                            + "' was taken of is gone; make something new of it instead"));
    recall(delegations, place.inode());
    var unused =
        volume.unlessRestored(
            restoreCount,
            () -> {
              left = MAX_ENTRIES;
              compare(snapshot.root(), place.inode(), place.path(), 0);
              make();
              there.forEach(SnapshotRevert::revert);
              surplus.forEach(this::remove);
              return place;
            });
    return place.path();
  }

  // ---------------------------------------------------------------- before the lock

  private Optional<Place> find() {
    Place root = new Place("", volume.root());
    return volume.root().fileId() == snapshot.sourceFileId()
        ? Optional.of(root)
        : findBelow(root, 0);
  }

  private Optional<Place> findBelow(Place place, int depth) {
    List<Place> directories = new ArrayList<>();
    for (Map.Entry<Name, Inode> entry : entries(place.inode()).entrySet()) {
      String name = entry.getKey().toString();
      Place each =
          new Place(place.path().isEmpty() ? name : place.path() + "/" + name, entry.getValue());
      if (each.inode().fileId() == snapshot.sourceFileId()) {
        return Optional.of(each);
      }
      if (each.inode().attributes().type() == FileType.DIRECTORY && depth < MAX_DEPTH) {
        directories.add(each);
      }
    }
    return directories.stream()
        .map(each -> findBelow(each, depth + 1))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private void recall(Delegations delegations, Inode live) {
    if (!delegations.isEmpty()) {
      Set<Long> ids = new HashSet<>();
      left = MAX_ENTRIES;
      collect(live, ids, 0);
      delegations
          .recallAll(file -> file.volume().equals(volume) && ids.contains(file.fileId()))
          .join();
    }
  }

  private void collect(Inode at, Set<Long> ids, int depth) {
    ids.add(at.fileId());
    if (at.attributes().type() == FileType.DIRECTORY && depth < MAX_DEPTH) {
      take(1);
      entries(at).values().forEach(each -> collect(each, ids, depth + 1));
    }
  }

  private void take(int count) {
    left -= count;
    if (left < 0) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "more than "
              + MAX_ENTRIES
              + " entries; allowed: directories with fewer, or a named state of the array");
    }
  }

  private Map<Name, Inode> entries(Inode directory) {
    Map<Name, Inode> entries = new LinkedHashMap<>();
    long cookie = 0;
    DirectoryPage page;
    do {
      page = volume.names().readDirectory(Caller.ROOT, directory, cookie, PAGE_ENTRIES);
      for (DirectoryEntry entry : page.entries()) {
        cookie = entry.cookie();
        String name = entry.name().toString();
        if (!ArrayConsole.belongsToARun(name) && !name.equals(SNAPSHOTS)) {
          entries.put(entry.name(), entry.inode());
        }
      }
    } while (!page.endOfDirectory());
    return entries;
  }

  // ---------------------------------------------------------------- with the volume locked

  private void compare(Inode from, Inode to, String path, int depth) {
    take(1);
    FileType type = from.attributes().type();
    if (type != to.attributes().type()) {
      throw new ArrayException(
          ArrayError.WRONG_TYPE,
          "'" + path + "' is of another kind now; make something new of the snapshot instead");
    }
    there.add(new Pair(from, to));
    if (type != FileType.DIRECTORY) {
      return;
    }
    requireDepth(depth);
    Map<Name, Inode> now = entries(to);
    entries(from)
        .forEach(
            (name, then) -> {
              Inode live = now.remove(name);
              if (live == null) {
                missing.add(new Missing(requireMakeable(then, name), to, name));
              } else {
                compare(
                    then, live, path.isEmpty() ? name.toString() : path + "/" + name, depth + 1);
              }
            });
    now.forEach(
        (name, inode) -> {
          surplus.add(new Surplus(to, name, inode));
          count(inode, depth + 1);
        });
  }

  /**
   * What is removed with everything in it has the same bounds, or its removal would end half-way.
   */
  private void count(Inode at, int depth) {
    take(1);
    if (at.attributes().type() == FileType.DIRECTORY) {
      requireDepth(depth);
      entries(at).values().forEach(each -> count(each, depth + 1));
    }
  }

  private static void requireDepth(int depth) {
    if (depth == MAX_DEPTH) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "more than " + MAX_DEPTH + " directories in each other");
    }
  }

  private static Inode requireMakeable(Inode then, Name name) {
    FileType type = then.attributes().type();
    if (type != FileType.REGULAR && type != FileType.DIRECTORY) {
      throw new ArrayException(
          ArrayError.WRONG_TYPE,
          "'" + name + "' is gone, and neither a file nor a directory; restore the snapshot anew");
    }
    return then;
  }

  private void make() {
    List<Surplus> made = new ArrayList<>();
    try {
      for (Missing each : missing) {
        made.add(new Surplus(each.parent(), each.name(), make(each)));
      }
    } catch (RuntimeException refused) {
      made.forEach(this::remove);
      throw refused;
    }
  }

  private Inode make(Missing each) {
    if (each.from().attributes().type() == FileType.DIRECTORY) {
      return volume
          .clones()
          .cloneTree(Caller.ROOT, each.from(), each.parent(), each.name())
          .inode();
    }
    FileAttributes then = each.from().attributes();
    return volume
        .clones()
        .cloneAs(
            Caller.ROOT,
            each.from(),
            each.parent(),
            each.name(),
            new AttributeChanges(
                then.mode(), then.uid(), then.gid(), null, TimeChange.KEEP, TimeChange.KEEP))
        .inode();
  }

  private static void revert(Pair pair) {
    Volume volume = pair.to().volume();
    FileAttributes then = pair.from().attributes();
    if (then.type() == FileType.REGULAR) {
      var unused = volume.clones().cloneFile(Caller.ROOT, pair.from(), pair.to());
    }
    FileAttributes now = pair.to().attributes();
    boolean isDifferent =
        now.mode() != then.mode() || now.uid() != then.uid() || now.gid() != then.gid();
    if (isDifferent) {
      var unused =
          volume
              .attributes()
              .setAttributes(
                  Caller.ROOT,
                  pair.to(),
                  new AttributeChanges(
                      then.mode(), then.uid(), then.gid(), null, TimeChange.KEEP, TimeChange.KEEP),
                  null);
    }
  }

  private void remove(Surplus each) {
    FileControl.removeTree(volume, each.parent(), each.name(), each.inode());
  }
}
