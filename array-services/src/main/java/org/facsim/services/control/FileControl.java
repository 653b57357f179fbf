/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import com.google.common.base.Splitter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Durability;
import org.facsim.array.FileSpace;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;

/**
 * The files of volumes by path, as an administrator sees and seeds them. A path is below the
 * volume's root, without a slash in front: {@code vm1/vm1-flat.vmdk}; empty for the root. Names
 * {@code .} and {@code ..} are refused. Symbolic links are not followed.
 */
public final class FileControl {
  /** The most entries of one listing. */
  public static final int MAX_LISTED = 1000;

  /** How many entries one recursive deletion removes at most. */
  private static final int MAX_DELETED = 1 << 16;

  private static final int MAX_DEPTH = 64;
  private static final Splitter PATH = Splitter.on('/').omitEmptyStrings();

  private final Durability durability;
  private final ArrayEvents events;

  /**
   * @param durability tells when a change is on stable storage
   */
  FileControl(Durability durability, ArrayEvents events) {
    this.durability = durability;
    this.events = events;
  }

  void changed(Volume volume, String path) {
    events.add(new ArrayChange.FileChanged(volume.name(), path));
  }

  /**
   * Waits until everything is durable that was changed in a volume before.
   *
   * @throws ArrayException NO_SPACE, IO
   */
  void awaitDurable(Volume volume) {
    long group = volume.transactionGroup();
    if (durability.isDurable(group)) {
      return;
    }
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    durability.whenDurable(group, ForkJoinPool.commonPool(), end::complete);
    if (end.join() instanceof ArrayException refused) {
      throw refused;
    }
  }

  /**
   * Finds a file or directory.
   *
   * @throws ArrayException NOT_FOUND, NOT_DIRECTORY, INVALID_ARGUMENT, NAME_TOO_LONG
   */
  public Inode find(Volume volume, String path) {
    Inode at = volume.root();
    for (Name name : names(path)) {
      at = lookup(volume, at, name, path);
    }
    return at;
  }

  private static Inode lookup(Volume volume, Inode directory, Name name, String path) {
    try {
      return volume.names().lookup(Caller.ROOT, directory, name);
    } catch (ArrayException e) {
      throw e.error() == ArrayError.NOT_FOUND
          ? new ArrayException(
              ArrayError.NOT_FOUND,
              "'" + path + "' is not in volume '" + volume.name() + "': no '" + name + "'")
          : e;
    }
  }

  private static List<Name> names(String path) {
    List<Name> names = new ArrayList<>();
    for (String each : PATH.split(path)) {
      if (each.equals(".") || each.equals("..") || each.indexOf('\0') >= 0) {
        throw new ArrayException(
            ArrayError.INVALID_ARGUMENT,
            "path '" + path + "'; allowed: names separated by slashes, none of them '.' or '..'");
      }
      names.add(Name.of(each));
    }
    return names;
  }

  /** What is to be said of one file or directory. */
  public FileEntry describe(Volume volume, String path) {
    Inode inode = find(volume, path);
    List<Name> names = names(path);
    String name = names.isEmpty() ? "" : names.get(names.size() - 1).toString();
    return new FileEntry(
        name, String.join("/", PATH.split(path)), inode.attributes(), spaceOf(inode), 0);
  }

  private static FileSpace spaceOf(Inode inode) {
    return inode.volume().space().of(inode);
  }

  /**
   * Lists a part of a directory.
   *
   * @param cookie of the last entry that is known; 0 for the beginning
   * @param most 1 to {@value #MAX_LISTED}
   * @throws ArrayException as {@link #find}; NOT_DIRECTORY
   */
  public FileListing list(Volume volume, String path, long cookie, int most) {
    Inode directory = find(volume, path);
    String own = String.join("/", PATH.split(path));
    DirectoryPage page = volume.names().readDirectory(Caller.ROOT, directory, cookie, most);
    List<FileEntry> entries = new ArrayList<>();
    for (DirectoryEntry entry : page.entries()) {
      String name = entry.name().toString();
      try {
        entries.add(
            new FileEntry(
                name,
                own.isEmpty() ? name : own + "/" + name,
                entry.inode().attributes(),
                spaceOf(entry.inode()),
                entry.cookie()));
      } catch (ArrayException e) {
        if (e.error() != ArrayError.STALE) { // removed just now
          throw e;
        }
      }
    }
    return new FileListing(own, entries, page.endOfDirectory());
  }

  /**
   * Makes a directory, and those above it, unless they are there. Returns whether any was made.
   *
   * @throws ArrayException as {@link #find}; NO_SPACE
   */
  public boolean makeDirectories(Volume volume, String path) {
    boolean isNew = make(volume, path);
    awaitDurable(volume);
    if (isNew) {
      changed(volume, path);
    }
    return isNew;
  }

  private static boolean make(Volume volume, String path) {
    boolean isNew = false;
    Inode at = volume.root();
    for (Name name : names(path)) {
      try {
        at = volume.names().lookup(Caller.ROOT, at, name);
      } catch (ArrayException e) {
        if (e.error() != ArrayError.NOT_FOUND) {
          throw e;
        }
        at = made(volume, at, name);
        isNew = true;
      }
    }
    if (at.attributes().type() != FileType.DIRECTORY) {
      throw new ArrayException(
          ArrayError.NOT_DIRECTORY, "'" + path + "' is there, and it is no directory");
    }
    return isNew;
  }

  private static Inode made(Volume volume, Inode directory, Name name) {
    try {
      return volume
          .names()
          .makeDirectory(Caller.ROOT, directory, name, AttributeChanges.ofMode(0755))
          .inode();
    } catch (ArrayException e) {
      if (e.error() != ArrayError.EXISTS) {
        throw e;
      }
      return volume.names().lookup(Caller.ROOT, directory, name); // somebody else made it
    }
  }

  /**
   * Begins to write a file aside. Nothing of it is seen before {@link SeededFile#commit}.
   *
   * @throws ArrayException as {@link #find}; IS_DIRECTORY, WRONG_TYPE (something else has its
   *     name); NO_SPACE
   */
  public SeededFile seed(Volume volume, String path) {
    List<Name> names = names(path);
    if (names.isEmpty()) {
      throw new ArrayException(ArrayError.IS_DIRECTORY, "the volume's root is a directory");
    }
    return new SeededFile(this, volume, path, names.get(names.size() - 1));
  }

  /**
   * The last name of a path.
   *
   * @throws ArrayException INVALID_ARGUMENT if it has none
   */
  static Name lastName(String path) {
    List<Name> names = names(path);
    if (names.isEmpty()) {
      throw new ArrayException(ArrayError.INVALID_ARGUMENT, "'" + path + "' names no file");
    }
    return names.get(names.size() - 1);
  }

  /** The directory that a file is in; made if it is not there. */
  Inode parent(Volume volume, String path) {
    List<Name> names = names(path);
    if (names.isEmpty()) {
      throw new ArrayException(ArrayError.INVALID_ARGUMENT, "'" + path + "' names no file");
    }
    StringBuilder parent = new StringBuilder();
    names.subList(0, names.size() - 1).forEach(name -> parent.append(name).append('/'));
    var unused = make(volume, parent.toString());
    return find(volume, parent.toString());
  }

  /**
   * Reads a piece of a file.
   *
   * @param most 1 to {@link Volume#MAX_TRANSFER_BYTES}
   * @return to be read from its position to its limit; empty at the end
   */
  public ByteBuffer read(Inode file, long offsetBytes, int most) {
    ByteBuffer piece = ByteBuffer.allocate(most);
    var unused = file.volume().files().read(Caller.ROOT, file, offsetBytes, piece);
    return piece.flip();
  }

  /**
   * Removes a file or directory.
   *
   * @param isRecursive whether a directory goes with everything in it, entry by entry; if it fails
   *     in the middle, the rest stays
   * @throws ArrayException as {@link #find}; NOT_EMPTY, INVALID_ARGUMENT (the root; more than
   *     {@value #MAX_DELETED} entries)
   */
  public void delete(Volume volume, String path, boolean isRecursive) {
    List<Name> names = names(path);
    if (names.isEmpty()) {
      throw new ArrayException(ArrayError.INVALID_ARGUMENT, "the volume's root cannot be deleted");
    }
    Inode parent = volume.root();
    for (Name name : names.subList(0, names.size() - 1)) {
      parent = lookup(volume, parent, name, path);
    }
    Name last = names.get(names.size() - 1);
    Inode inode = lookup(volume, parent, last, path);
    if (isRecursive) {
      deleteBelow(volume, inode, new int[] {MAX_DELETED}, 0);
    }
    remove(volume, parent, last, inode);
    awaitDurable(volume);
    changed(volume, path);
  }

  /** Removes an entry of a directory with everything below it. */
  static void removeTree(Volume volume, Inode parent, Name name, Inode inode) {
    deleteBelow(volume, inode, new int[] {MAX_DELETED}, 0);
    remove(volume, parent, name, inode);
  }

  private static void deleteBelow(Volume volume, Inode directory, int[] left, int depth) {
    if (directory.attributes().type() != FileType.DIRECTORY) {
      return;
    }
    if (depth == MAX_DEPTH) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "more than " + MAX_DEPTH + " directories in each other");
    }
    DirectoryPage page;
    do {
      page = volume.names().readDirectory(Caller.ROOT, directory, 0, MAX_LISTED);
      for (DirectoryEntry entry : page.entries()) {
        if (left[0]-- == 0) {
          throw new ArrayException(
              ArrayError.INVALID_ARGUMENT,
              "more than " + MAX_DELETED + " entries in one call; call again for the rest");
        }
        deleteBelow(volume, entry.inode(), left, depth + 1);
        remove(volume, directory, entry.name(), entry.inode());
      }
    } while (!page.endOfDirectory());
  }

  private static void remove(Volume volume, Inode directory, Name name, Inode inode) {
    if (inode.attributes().type() == FileType.DIRECTORY) {
      var unused = volume.names().removeDirectory(Caller.ROOT, directory, name);
    } else {
      var unused = volume.names().remove(Caller.ROOT, directory, name);
    }
  }

  /**
   * Draws who holds the blocks of a file, or how two files of a volume share.
   *
   * @param otherPathOrNull the file to compare with
   * @param maxRanges 0 to {@link SharingPicture#MAX_RANGES}
   * @param cells 0 to {@link SharingPicture#MAX_CELLS}
   */
  public SharingPicture sharing(
      Volume volume,
      String path,
      String otherPathOrNull,
      long offsetBytes,
      int maxRanges,
      int cells) {
    return SharingPicture.of(
        find(volume, path),
        otherPathOrNull == null ? null : find(volume, otherPathOrNull),
        offsetBytes,
        maxRanges,
        cells);
  }
}
