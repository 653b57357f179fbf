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
 * What a power failure takes from a directory: the changes of names since they were forced. A first
 * part of them survives, in order, as a journaling file system keeps it.
 *
 * <p>A removal is put off until the names are forced, so that what would have to come back is still
 * there. Whoever looks does not see the file meanwhile. What a rename replaces is kept in memory.
 *
 * <p>Guarded by the monitor of {@link HostPower}.
 */
final class UnforcedNames {
  /** A file that a rename replaces is no larger; catalogs are. */
  private static final long MAX_REPLACED_BYTES = 1 << 20;

  private sealed interface Change permits Created, Removed, Renamed {}

  private record Created(String name) implements Change {}

  private record Removed(String name) implements Change {}

  /**
   * A new name.
   *
   * @param replaced what the file of that name held; null if there was none
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
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

  /** The name is used again: what was put off happens now, and is durable. */
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

  /** Does what was put off, and makes all names durable. */
  void force() {
    removeAll();
    files.forceNames();
    changes.clear();
  }

  /** Does what was put off; nothing of it can be lost any more. */
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

  /** Undoes what the power failure takes; all files are closed. */
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
