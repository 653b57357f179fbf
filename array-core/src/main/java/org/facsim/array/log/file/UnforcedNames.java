/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What a power failure takes from a directory: the changes of names since names were last forced.
 * The earliest of them survive, in order, as in a journaling file system; how many is left to
 * chance.
 *
 * <p>A file that is removed stays on the disk until the names are forced, because a failure may
 * have to bring it back. Meanwhile it is hidden from everyone who asks. The contents that a rename
 * replaces are kept in memory.
 *
 * <p>Not thread-safe: callers hold the monitor of {@link HostPower}.
 */
final class UnforcedNames {
  /** The most bytes of a file that a rename replaces. Renames replace catalogs, which are small. */
  private static final long MAX_REPLACED_BYTES = 1 << 20;

  private sealed interface Change permits Created, Removed, Renamed {}

  private record Created(String name) implements Change {}

  private record Removed(String name) implements Change {}

  /**
   * A new name.
   *
   * @param replaced what the file of that name held; null if there was none
   */
  @SuppressWarnings("ArrayRecordComponent") // instances are never compared
  private record Renamed(String from, String to, byte[] replaced) implements Change {}

  private final MetadataFiles files;
  private final List<Change> changes = new ArrayList<>();

  UnforcedNames(MetadataFiles files) {
    this.files = files;
  }

  void created(String name) {
    changes.add(new Created(name));
  }

  boolean isRemoved(String name) {
    return changes.contains(new Removed(name));
  }

  Set<String> visible(Set<String> names) {
    return names.stream().filter(name -> !isRemoved(name)).collect(Collectors.toSet());
  }

  void remove(String name) {
    if (files.exists(name) && !isRemoved(name)) {
      changes.add(new Removed(name));
    }
  }

  /** The name is used again: if its removal was put off, all removals happen now, for good. */
  void reuse(String name) {
    if (isRemoved(name)) {
      settle();
    }
  }

  void rename(String from, String to) {
    reuse(from);
    reuse(to);
    byte[] replaced = files.exists(to) ? contents(to) : null;
    files.rename(from, to);
    changes.add(new Renamed(from, to, replaced));
  }

  private byte[] contents(String name) {
    try (MetadataFile file = files.open(name)) {
      if (file.sizeBytes() > MAX_REPLACED_BYTES) {
        throw new IllegalStateException(name + " is too large to be replaced by a rename");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) file.sizeBytes());
      file.read(0, bytes);
      return bytes.array();
    }
  }

  /** Removes what was to be removed, and makes all names durable. */
  void force() {
    removeAll();
    files.forceNames();
    changes.clear();
  }

  /** Removes what was to be removed. From now on, no earlier change of names can be lost. */
  void settle() {
    removeAll();
    changes.clear();
  }

  private void removeAll() {
    for (Change change : changes) {
      if (change instanceof Removed removed) {
        files.delete(removed.name());
      }
    }
  }

  /**
   * Undoes the changes that the power failure takes. All files must be closed.
   *
   * @param all whether it takes all of them
   */
  void lose(Path directory, boolean all, SplittableRandom random) throws IOException {
    int survive = all ? 0 : random.nextInt(changes.size() + 1);
    for (int at = changes.size() - 1; at >= survive; at--) {
      undo(directory, changes.get(at));
    }
    for (Change change : changes.subList(0, survive)) {
      if (change instanceof Removed removed) {
        Files.deleteIfExists(directory.resolve(removed.name()));
      }
    }
    changes.clear();
  }

  private static void undo(Path directory, Change change) throws IOException {
    if (change instanceof Created created) {
      Files.deleteIfExists(directory.resolve(created.name()));
    } else if (change instanceof Renamed renamed) {
      Path to = directory.resolve(renamed.to());
      Files.move(to, directory.resolve(renamed.from()), StandardCopyOption.ATOMIC_MOVE);
      if (renamed.replaced() != null) {
        try (DataChannel channel =
            DataChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          channel.write(0, ByteBuffer.wrap(renamed.replaced()));
        }
      }
    }
  }
}
