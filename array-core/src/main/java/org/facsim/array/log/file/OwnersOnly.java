/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other users of the operating system out of a data directory, because it holds what clients
 * wrote. If the file system knows owners, the directory gets mode 0700, and its files get 0600.
 */
final class OwnersOnly {
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private static final Logger LOG = LoggerFactory.getLogger(OwnersOnly.class);

  private OwnersOnly() {}

  /**
   * Makes a directory, and those above it in the operating system's usual way. An existing
   * directory stays as it is.
   */
  static void makeDirectory(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    if (Files.isDirectory(directory)) {
      return;
    }
    if (DataChannel.knowsOwners(directory)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER));
    } else {
      Files.createDirectory(directory);
    }
  }

  /**
   * Takes other users' access to files of an earlier version away. If the directory itself is open,
   * this only warns, because somebody may want it so.
   */
  static void tighten(Path directory) {
    if (!DataChannel.knowsOwners(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> open = files.filter(Files::isRegularFile).filter(OwnersOnly::isOpen).toList();
      for (Path file : open) {
        Set<PosixFilePermission> kept = permissions(file);
        kept.retainAll(OWNER);
        Files.setPosixFilePermissions(file, kept);
      }
      if (!open.isEmpty()) {
        LOG.info(
            "{} files of {} were open to other users and are not any more", open.size(), directory);
      }
    } catch (IOException | UncheckedIOException | UnsupportedOperationException e) {
      LOG.warn("other users may read files of {}: {}", directory, e.toString());
    }
    if (isOpen(directory)) {
      LOG.warn("{} is open to other users of this host; chmod 700 closes it", directory);
    }
  }

  private static boolean isOpen(Path file) {
    try {
      return !OWNER.containsAll(permissions(file));
    } catch (IOException | UnsupportedOperationException e) {
      LOG.debug("permissions of {} are not known", file, e);
      return false;
    }
  }

  private static Set<PosixFilePermission> permissions(Path file) throws IOException {
    return EnumSet.copyOf(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
  }
}
