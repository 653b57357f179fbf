/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import com.google.common.base.Splitter;
import java.util.Optional;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.services.paths.FilePaths;

/**
 * Finds files by path, and paths of files. A path is that of a client: the export's, then the names
 * below it.
 */
final class FileNames {
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
      for (String name : Splitter.on('/').omitEmptyStrings().split(path)) {
        at = volume.names().lookup(Caller.ROOT, at, Name.of(name));
      }
      return Optional.of(at);
    } catch (ArrayException | IllegalArgumentException none) {
      return Optional.empty();
    }
  }

  /** The file, if it is still there. */
  Optional<Inode> find(FileHandle file) {
    try {
      return Optional.of(array.resolve(file));
    } catch (ArrayException gone) {
      return Optional.empty();
    }
  }

  /** A path of the file; its volume and number if it has none. */
  String path(FileHandle file) {
    return find(file)
        .flatMap(FilePaths::of)
        .orElseGet(
            () ->
                array.volumes().stream()
                        .filter(volume -> volume.id() == file.volumeId())
                        .map(volume -> "/" + volume.name() + ", ")
                        .findFirst()
                        .orElse("")
                    + "file id "
                    + file.fileId());
  }
}
