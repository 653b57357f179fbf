/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.services.access.Grant;

/**
 * Finds the file that a call names beside its grant.
 *
 * <p>A path never leaves the export: {@code ..} is refused and symbolic links are not followed. A
 * handle must belong to the export's volume.
 */
final class FileLocator {
  private final StorageArray array;

  FileLocator(StorageArray array) {
    this.array = array;
  }

  /**
   * Where a file is or could be.
   *
   * @param directory its directory; null if the file was named by its own handle or is the root
   * @param name its name there; null if the directory is
   * @param inode the file; null if there is none of this name
   */
  record Location(Inode directory, Name name, Inode inode) {
    boolean exists() {
      return inode != null;
    }
  }

  /**
   * Finds a file that must exist.
   *
   * @throws OffloadFailure NOENT, XVOL, INVAL
   * @throws ArrayException for everything else that {@code lookup} and {@code resolve} throw
   */
  Inode existing(Grant grant, FileRef file) {
    Location location = locate(grant, file);
    if (!location.exists()) {
      throw new OffloadFailure(OffloadError.NOT_FOUND, "no file " + location.name());
    }
    return location.inode();
  }

  /**
   * Finds the place of a file; everything but the last name of its path must exist. Throws as
   * {@link #existing}.
   */
  Location locate(Grant grant, FileRef file) {
    // A sealed switch needs a newer Java than 17.
    if (file instanceof FileRef.ByPath byPath) {
      return byPath(grant, byPath.path());
    } else if (file instanceof FileRef.ByHandle byHandle) {
      return new Location(null, null, byHandle(grant, byHandle.handle()));
    } else if (file instanceof FileRef.ByEntry byEntry) {
      Inode directory = byHandle(grant, byEntry.directory());
      return entry(grant, directory, component(byEntry.name().toBytes()));
    }
    if (file instanceof FileRef.Granted) {
      return new Location(null, null, grant.file());
    } else if (file instanceof FileRef.InGranted inGranted) {
      return entry(grant, grant.file(), component(inGranted.name().toBytes()));
    }
    throw new IllegalStateException("unknown kind of file " + file);
  }

  private Inode byHandle(Grant grant, ByteString handle) {
    Inode inode = array.resolve(FileHandle.readFrom(handle.asByteBuffer()));
    if (inode.volume().id() != grant.volume().id()) {
      throw new OffloadFailure(
          OffloadError.CROSS_VOLUME, "the handle belongs to another volume than the session");
    }
    return inode;
  }

  private static Location byPath(Grant grant, ByteString path) {
    Location location = new Location(null, null, grant.volume().root());
    int start = 0;
    while (start <= path.lengthBytes()) {
      int end = start;
      while (end < path.lengthBytes() && path.at(end) != '/') {
        end++;
      }
      if (end > start) {
        Name name = component(path.slice(start, end));
        if (!name.isDot()) {
          if (!location.exists()) {
            throw new OffloadFailure(OffloadError.NOT_FOUND, "no directory " + location.name());
          }
          location = entry(grant, location.inode(), name);
        }
      }
      start = end + 1;
    }
    return location;
  }

  private static Name component(byte[] bytes) {
    Name name = Name.ofBytes(bytes);
    if (name.isDotDot()) {
      throw new OffloadFailure(OffloadError.INVALID_ARGUMENT, "'..' in a path");
    }
    return name;
  }

  private static Location entry(Grant grant, Inode directory, Name name) {
    if (directory.attributes().type() != FileType.DIRECTORY) {
      throw new OffloadFailure(OffloadError.NOT_DIRECTORY, "not a directory above " + name);
    }
    if (name.isDot()) {
      return new Location(null, null, directory);
    }
    try {
      return new Location(
          directory, name, grant.volume().names().lookup(grant.caller(), directory, name));
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NOT_FOUND) {
        return new Location(directory, name, null);
      }
      throw e;
    }
  }
}
