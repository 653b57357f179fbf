/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.paths;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.services.calls.CallRecord;

/**
 * Finds the path of a file from its inode. The array keeps no way back from a file to its names, so
 * this class remembers where files were seen last: in the calls that name them ({@link #learn}),
 * and in a search through the volume when that does not help.
 *
 * <p>What is remembered is never trusted. A place is a directory and a name, and each use looks the
 * name up again, which takes no lock; so a path that was found is right at that moment, whoever
 * renamed what, through a door or without one.
 *
 * <p>Bounds: {@link #MAX_PLACES} places, and {@link #MAX_SEARCHED} names in one search. A search
 * learns every file that it passes. A file that a whole search did not find has no name, or only
 * one that is not listed; it is not searched again until it is learned.
 *
 * <p>Known flaws: a file that has several names has one path here, the last that was seen. In a
 * volume with more names than a search takes, files that were looked up before this class was asked
 * to learn may have no path. A search moves the access times of the directories, as {@code find}
 * does. Thread-safe.
 */
public final class FilePaths {
  /** Places that are remembered; beyond that, all are forgotten and learned again. */
  static final int MAX_PLACES = 1 << 18;

  /** Names that one search looks at. */
  static final int MAX_SEARCHED = 1 << 17;

  private static final int PAGE = 1024;

  /** Directories above a file; more than a path that a client can write. */
  private static final int MAX_DEPTH = 1024;

  /** Of a file that a search did not find. */
  private static final Place NOWHERE = new Place(null, null);

  private record Place(Inode directory, Name name) {}

  private final Map<Inode, Place> places = new ConcurrentHashMap<>();

  /** Forgets everything. */
  public void clear() {
    places.clear();
  }

  /**
   * Learns from a call that has passed its operation point what its names lead to now. To be called
   * for calls that succeeded, when they are answered: they may have made the name.
   */
  public void learn(CallRecord call) {
    learn(call.file(), call.name());
    learn(call.otherFile(), call.otherName());
  }

  private void learn(Optional<Inode> directory, Optional<String> name) {
    if (directory.isPresent()
        && name.isPresent()
        && directory.get().attributes().type() == FileType.DIRECTORY) {
      find(directory.get(), name.get());
    }
  }

  private void find(Inode directory, String text) {
    try {
      Name name = Name.of(text);
      if (!name.isDot() && !name.isDotDot()) {
        remember(
            directory.volume().names().lookup(Caller.ROOT, directory, name),
            new Place(directory, name));
      }
    } catch (ArrayException notThere) {
      // nothing to learn
    }
  }

  private void remember(Inode file, Place place) {
    if (places.size() >= MAX_PLACES) {
      places.clear();
    }
    places.put(file, place);
  }

  /**
   * The path of a file now.
   *
   * @return {@code /VOLUME}, then {@code /} and a name for each step; empty if the file has no name
   *     that can be found
   */
  public Optional<String> of(Inode file) {
    return Optional.ofNullable(pathOrNull(file));
  }

  private String pathOrNull(Inode file) {
    List<Name> names = new ArrayList<>();
    Inode root = file.volume().root();
    Inode at = file;
    while (at != root) {
      Place place = placeOf(at);
      if (place == NOWHERE || names.size() == MAX_DEPTH) {
        return null;
      }
      names.add(place.name());
      at = place.directory();
    }
    StringBuilder path = new StringBuilder("/").append(file.volume().name());
    for (int i = names.size() - 1; i >= 0; i--) {
      path.append('/').append(names.get(i));
    }
    return path.toString();
  }

  private Place placeOf(Inode file) {
    Place place = places.get(file);
    if (place == NOWHERE || (place != null && leadsTo(place, file))) {
      return place;
    }
    places.remove(file);
    Inode parent = parentOf(file);
    if (parent != null) {
      searchDirectory(parent, file);
    } else {
      search(file);
    }
    place = places.get(file);
    if (place == null || !leadsTo(place, file)) {
      remember(file, NOWHERE);
      return NOWHERE;
    }
    return place;
  }

  private static boolean leadsTo(Place place, Inode file) {
    try {
      return place
          .directory()
          .volume()
          .names()
          .lookup(Caller.ROOT, place.directory(), place.name())
          .equals(file);
    } catch (ArrayException gone) {
      return false;
    }
  }

  /** Of a directory; null of anything else. */
  private static Inode parentOf(Inode file) {
    if (file.attributes().type() != FileType.DIRECTORY) {
      return null;
    }
    try {
      return file.volume().names().lookup(Caller.ROOT, file, Name.of(".."));
    } catch (ArrayException gone) {
      return null;
    }
  }

  private void searchDirectory(Inode directory, Inode wanted) {
    Search search = new Search();
    search.page(directory, wanted);
  }

  /** Breadth first, so that what lies high is found if the volume is larger than a search. */
  private void search(Inode wanted) {
    Search search = new Search();
    search.directories.add(wanted.volume().root());
    while (!search.directories.isEmpty() && search.left > 0 && !search.isFound) {
      search.page(search.directories.poll(), wanted);
    }
  }

  /** One way through a volume; it goes on after the wanted file to the end of its directory. */
  private final class Search {
    private final ArrayDeque<Inode> directories = new ArrayDeque<>();
    private int left = MAX_SEARCHED;
    private boolean isFound;

    void page(Inode directory, Inode wanted) {
      long cookie = 0;
      boolean isEnd = false;
      try {
        while (!isEnd && left > 0) {
          Volume.DirectoryPage page =
              directory.volume().names().readDirectory(Caller.ROOT, directory, cookie, PAGE);
          for (Volume.DirectoryEntry entry : page.entries()) {
            Inode file = entry.inode();
            remember(file, new Place(directory, entry.name()));
            isFound |= file.equals(wanted);
            if (file.attributes().type() == FileType.DIRECTORY) {
              directories.add(file);
            }
            cookie = entry.cookie();
          }
          left -= page.entries().size();
          isEnd = page.endOfDirectory() || page.entries().isEmpty();
        }
      } catch (ArrayException gone) {
        // the directory was removed meanwhile
      }
    }
  }

  /**
   * The paths that a call is about: of the name in its directory, or of its file if it brings no
   * name; then likewise of the second one.
   *
   * @return in this order, without those that cannot be found; empty before the operation point
   */
  public List<String> of(CallRecord call) {
    List<String> paths = new ArrayList<>(2);
    add(paths, call.file().orElse(null), call.name().orElse(null));
    add(paths, call.otherFile().orElse(null), call.otherName().orElse(null));
    return paths;
  }

  private void add(List<String> paths, Inode file, String name) {
    String path = file == null ? null : pathOrNull(file);
    if (path == null) {
      return;
    }
    boolean isEntry =
        name != null && !name.isEmpty() && file.attributes().type() == FileType.DIRECTORY;
    // the path of a MOUNT comes as a name and is that of its root
    paths.add(isEntry && !name.startsWith("/") ? path + "/" + name : path);
  }
}
