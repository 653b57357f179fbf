/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A directory for one measurement, under {@code java.io.tmpdir}. */
final class ScratchDirectory {
  private ScratchDirectory() {}

  static Path make(String prefix) throws IOException {
    return Files.createTempDirectory(prefix);
  }

  /** Removes it with all that is in it. */
  static void remove(Path directory) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(directory)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.delete(file);
    }
  }
}
