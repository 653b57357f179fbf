/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * A file that exists while the array answers. It appears whole or not at all: written under another
 * name in the same folder, then renamed.
 *
 * @param path where, or null for no file
 */
record ReadyFile(Path path) {
  /** Removes it if it is there, so that nobody takes an earlier run's for this one's. */
  void remove() throws IOException {
    if (path != null) {
      Files.deleteIfExists(path);
    }
  }

  void write(String line) throws IOException {
    if (path == null) {
      return;
    }
    Path folder = path.toAbsolutePath().getParent();
    Path unfinished = Files.createTempFile(folder, path.getFileName() + ".", ".new");
    try {
      Files.writeString(unfinished, line + "\n");
      Files.move(
          unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
