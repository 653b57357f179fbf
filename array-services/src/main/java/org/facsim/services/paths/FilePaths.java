/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.paths;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;

/**
 * Writes the path of a file as people know it: {@code /VOLUME}, then {@code /} and a name for each
 * step. The volume finds the names ({@link org.facsim.array.VolumeNames#pathOf}), without a lock
 * and without a search; a file that has several names has one path here, that of the name that was
 * given last. Keeps nothing, so a path is right at the moment in which it is asked for.
 */
public final class FilePaths {
  private FilePaths() {}

  /**
   * The path of a file now.
   *
   * @return empty if the file has no name, or lost the last one that it was given while it has
   *     older ones
   */
  public static Optional<String> of(Inode file) {
    List<Name> names = file.volume().names().pathOf(file);
    if (names == null) {
      return Optional.empty();
    }
    StringBuilder path = new StringBuilder("/").append(file.volume().name());
    for (Name name : names) {
      path.append('/').append(name);
    }
    return Optional.of(path.toString());
  }

  /**
   * The paths that a call is about: of the name in its directory, or of its file if it brings no
   * name; then likewise of the second one.
   *
   * @return in this order, without those that cannot be found; empty before the operation point
   */
  public static List<String> of(CallRecord call) {
    List<String> paths = new ArrayList<>(2);
    // what a MOUNT brings is the path of its file, not a name in it
    add(
        paths,
        call.file().orElse(null),
        call.door() == Door.MOUNT ? null : call.name().orElse(null));
    add(paths, call.otherFile().orElse(null), call.otherName().orElse(null));
    return paths;
  }

  private static void add(List<String> paths, Inode file, String name) {
    if (file != null) {
      ofEntry(file, name).ifPresent(paths::add);
    }
  }

  /**
   * The path of a name in a directory, whether it is there or not.
   *
   * @param name also several of them, with slashes between them, which may begin with one; null for
   *     the directory itself
   */
  public static Optional<String> ofEntry(Inode directory, String name) {
    boolean isEntry =
        name != null && !name.isEmpty() && directory.attributes().type() == FileType.DIRECTORY;
    return isEntry
        ? of(directory).map(path -> path + (name.startsWith("/") ? name : "/" + name))
        : of(directory);
  }
}
