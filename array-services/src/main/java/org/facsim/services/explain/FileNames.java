/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;

/**
 * Finds files by path, and paths of files. A path is that of a client: the export's, then the names
 * below it. Searching looks at {@value #MAX_ENTRIES} entries at most.
 */
final class FileNames {
  private static final int MAX_ENTRIES = 100_000;
  private static final int PAGE_ENTRIES = 512;

  private final StorageArray array;

  FileNames(StorageArray array) {
    this.array = array;
  }

  /**
   * A path in two parts.
   *
   * @param volume the first name
   * @param below the rest, without a slash in front; may be empty
   */
  record Split(String volume, String below) {
    static Split of(String path) {
      String rest = path.replaceAll("^/+", "").replaceAll("/+$", "");
      int slash = rest.indexOf('/');
      return slash < 0
          ? new Split(rest, "")
          : new Split(rest.substring(0, slash), rest.substring(slash + 1));
    }
  }

  Optional<Inode> find(Split path) {
    return array.volume(path.volume()).flatMap(volume -> below(volume, path.below()));
  }

  private static Optional<Inode> below(Volume volume, String path) {
    Inode at = volume.root();
    try {
      for (String name : path.split("/+")) {
        if (!name.isEmpty()) {
          at = volume.names().lookup(Caller.ROOT, at, Name.of(name));
        }
      }
      return Optional.of(at);
    } catch (ArrayException | IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  /** The volume of a file that is there or was. */
  Optional<Volume> volumeOf(FileKey file) {
    return array.volumes().stream().filter(each -> each.id() == file.volumeId()).findFirst();
  }

  /** The files that are found, by path; a file with several names by one of them. */
  Map<FileKey, Found> find(Set<FileKey> files) {
    Map<FileKey, Found> found = new HashMap<>();
    int[] budget = {MAX_ENTRIES};
    for (Volume volume : array.volumes()) {
      if (files.stream().anyMatch(file -> file.volumeId() == volume.id())) {
        search(volume, files, found, budget);
      }
    }
    return found;
  }

  /** A file and a path of it. */
  record Found(Inode file, String path) {}

  private record Place(Inode directory, String path) {}

  private static void search(
      Volume volume, Set<FileKey> files, Map<FileKey, Found> found, int[] budget) {
    ArrayDeque<Place> places = new ArrayDeque<>();
    places.add(new Place(volume.root(), "/" + volume.name()));
    while (!places.isEmpty() && budget[0] > 0 && found.size() < files.size()) {
      Place place = places.poll();
      long cookie = 0;
      DirectoryPage page;
      do {
        try {
          page =
              volume.names().readDirectory(Caller.ROOT, place.directory(), cookie, PAGE_ENTRIES);
        } catch (ArrayException gone) {
          break;
        }
        for (DirectoryEntry entry : page.entries()) {
          cookie = entry.cookie();
          budget[0]--;
          look(entry, place, files, found, places);
        }
      } while (!page.endOfDirectory() && budget[0] > 0);
    }
  }

  private static void look(
      DirectoryEntry entry,
      Place place,
      Set<FileKey> files,
      Map<FileKey, Found> found,
      ArrayDeque<Place> places) {
    Inode file = entry.inode();
    String path = place.path() + "/" + entry.name();
    if (file.attributes().type() == FileType.DIRECTORY) {
      places.add(new Place(file, path));
    }
    FileKey key = FileKey.of(file);
    if (files.contains(key)) {
      found.putIfAbsent(key, new Found(file, path));
    }
  }
}
