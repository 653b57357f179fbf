/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;

/**
 * The way from a path to a volume and an inode, as the administrator. Errors are {@link
 * ArrayException}s that name the path.
 */
final class FilePaths {
  private static final int PAGE_ENTRIES = 256;

  private final Supplier<StorageArray> storage;

  FilePaths(Supplier<StorageArray> storage) {
    this.storage = storage;
  }

  /** A path in parts. */
  record Place(String path, String volume, List<String> names) {
    static Place of(String path) {
      if (!path.startsWith("/") || path.length() < 2) {
        throw wrong(path, "it does not begin with /VOLUME");
      }
      List<String> parts = List.of(path.substring(1).split("/", -1));
      for (String part : parts) {
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
          throw wrong(path, "a name in it is empty, '.' or '..'");
        }
      }
      return new Place(path, parts.get(0), parts.subList(1, parts.size()));
    }

    private static ArrayException wrong(String path, String why) {
      return new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "'%s' is no path: %s; allowed: /VOLUME/DIRECTORY/FILE".formatted(path, why));
    }

    List<String> parentNames(String wanted) {
      if (names.isEmpty()) {
        throw new ArrayException(
            ArrayError.IS_DIRECTORY, wanted + " is a volume, and not a file in one");
      }
      return names.subList(0, names.size() - 1);
    }

    String last() {
      return names.get(names.size() - 1);
    }
  }

  /** The volume that a path begins with. */
  Volume volume(Place place) {
    StorageArray array = storage.get();
    return array
        .volume(place.volume())
        .orElseThrow(
            () ->
                new ArrayException(
                    ArrayError.NOT_FOUND,
                    "%s: there is no volume %s; there %s"
                        .formatted(place.path(), place.volume(), listed(array.volumes()))));
  }

  private static String listed(List<Volume> volumes) {
    return volumes.isEmpty()
        ? "is none"
        : "are: " + String.join(", ", volumes.stream().map(Volume::name).toList());
  }

  static Inode inode(Volume volume, Place place) {
    Inode at = volume.root();
    for (String name : place.names()) {
      at = step(volume, at, name, place.path());
    }
    return at;
  }

  /** Refuses a directory. */
  static Inode file(Volume volume, Place place) {
    Inode inode = inode(volume, place);
    if (inode.attributes().type() == FileType.DIRECTORY) {
      throw new ArrayException(ArrayError.IS_DIRECTORY, place.path() + " is a directory");
    }
    return inode;
  }

  private static Inode step(Volume volume, Inode from, String name, String path) {
    return at(path, () -> volume.names().lookup(Caller.ROOT, from, Name.of(name)));
  }

  /** Follows names from the root and makes directories where there is nothing. */
  static Inode directory(Volume volume, Place place, List<String> names) {
    Inode at = volume.root();
    for (String name : names) {
      Inode from = at;
      try {
        at = volume.names().lookup(Caller.ROOT, from, Name.of(name));
      } catch (ArrayException e) {
        if (e.error() != ArrayError.NOT_FOUND) {
          throw named(place.path(), e);
        }
        at =
            at(
                    place.path(),
                    () ->
                        volume
                            .names()
                            .makeDirectory(Caller.ROOT, from, Name.of(name), AttributeChanges.NONE))
                .inode();
      }
    }
    return at;
  }

  static List<DirectoryEntry> entries(Volume volume, Inode directory, String path) {
    List<DirectoryEntry> all = new ArrayList<>();
    DirectoryPage page;
    do {
      long cookie = all.isEmpty() ? 0 : all.get(all.size() - 1).cookie();
      page =
          at(
              path,
              () -> volume.names().readDirectory(Caller.ROOT, directory, cookie, PAGE_ENTRIES));
      all.addAll(page.entries());
    } while (!page.endOfDirectory());
    return all;
  }

  /** Does something; an error names the path. */
  static <T> T at(String path, Supplier<T> work) {
    try {
      return work.get();
    } catch (ArrayException e) {
      throw named(path, e);
    }
  }

  private static ArrayException named(String path, ArrayException e) {
    String text = String.valueOf(e.getMessage());
    return text.contains(path)
        ? e
        : new ArrayException(e.error(), "%s: %s: %s".formatted(path, e.error(), text));
  }
}
