/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import java.util.Arrays;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileHandle;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.StorageArray;
import org.facsim.protocol.vaai.Opaque;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiStatus;

/**
 * Finds the file that a call names, below the export of a session.
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
   * @param directory its directory; null if it was named by its own handle or is the root
   * @param name its name there; null if the directory is
   * @param inode the file; null if there is none of this name
   */
  record Location(Inode directory, Name name, Inode inode) {
    boolean exists() {
      return inode != null;
    }
  }

  /**
   * A file that must exist.
   *
   * @throws VaaiFailure NOENT, XVOL, INVAL
   * @throws ArrayException for everything else that {@code lookup} and {@code resolve} throw
   */
  Inode existing(VaaiExports.Access access, VaaiFile file) {
    Location location = locate(access, file);
    if (!location.exists()) {
      throw new VaaiFailure(VaaiStatus.NOENT, "no file " + location.name());
    }
    return location.inode();
  }

  /** A file of which all but the last name must exist. Throws as {@link #existing}. */
  Location locate(VaaiExports.Access access, VaaiFile file) {
    // A sealed switch needs a newer Java than 17.
    if (file instanceof VaaiFile.ByPath byPath) {
      return byPath(access, byPath.path());
    } else if (file instanceof VaaiFile.ByHandle byHandle) {
      return new Location(null, null, byHandle(access, byHandle.handle()));
    } else if (file instanceof VaaiFile.ByEntry byEntry) {
      Inode directory = byHandle(access, byEntry.directory());
      return entry(access, directory, component(byEntry.name().toBytes()));
    }
    throw new IllegalStateException("unknown kind of file " + file);
  }

  private Inode byHandle(VaaiExports.Access access, Opaque handle) {
    Inode inode = array.resolve(FileHandle.readFrom(handle.asByteBuffer()));
    if (inode.volume().id() != access.volume().id()) {
      throw new VaaiFailure(
          VaaiStatus.XVOL, "the handle belongs to another volume than the session");
    }
    return inode;
  }

  private static Location byPath(VaaiExports.Access access, Opaque path) {
    byte[] bytes = path.toBytes();
    Location location = new Location(null, null, access.volume().root());
    int start = 0;
    while (start <= bytes.length) {
      int end = start;
      while (end < bytes.length && bytes[end] != '/') {
        end++;
      }
      if (end > start) {
        Name name = component(Arrays.copyOfRange(bytes, start, end));
        if (!name.isDot()) {
          if (!location.exists()) {
            throw new VaaiFailure(VaaiStatus.NOENT, "no directory " + location.name());
          }
          location = entry(access, location.inode(), name);
        }
      }
      start = end + 1;
    }
    return location;
  }

  private static Name component(byte[] bytes) {
    Name name = Name.ofBytes(bytes);
    if (name.isDotDot()) {
      throw new VaaiFailure(VaaiStatus.INVAL, "'..' in a path");
    }
    return name;
  }

  private static Location entry(VaaiExports.Access access, Inode directory, Name name) {
    if (directory.attributes().type() != FileType.DIRECTORY) {
      throw new VaaiFailure(VaaiStatus.NOTDIR, "not a directory above " + name);
    }
    if (name.isDot()) {
      return new Location(null, null, directory);
    }
    try {
      return new Location(
          directory, name, access.volume().names().lookup(access.caller(), directory, name));
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NOT_FOUND) {
        return new Location(directory, name, null);
      }
      throw e;
    }
  }
}
