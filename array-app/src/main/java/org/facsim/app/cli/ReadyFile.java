/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.facsim.embedded.NfsNullProbe;
import picocli.CommandLine.TypeConversionException;

/**
 * A file that exists while the array answers. It appears whole or not at all, because it is written
 * under another name in the same directory and then renamed.
 *
 * <p>Several processes may be told to use the same file, by mistake or one after the other. The
 * file belongs to the process that became ready last. No process removes a line that another
 * process wrote and that is still true.
 */
final class ReadyFile {
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

  private final Path path;

  /** What this process has written; null if it has written nothing yet. */
  private String written;

  /**
   * @param path the file, or null for none
   */
  ReadyFile(Path path) {
    this.path = path;
  }

  /**
   * Removes the file of a process that was killed, so that nobody takes its line for that of this
   * process. The line is stale if no array answers at the address in it.
   */
  void removeStale() throws IOException {
    Optional<String> found = read();
    if (found.isPresent() && !answers(found.get())) {
      Files.deleteIfExists(path);
    }
  }

  private static boolean answers(String line) {
    try {
      JsonNode ready = new ObjectMapper().readTree(line);
      String nfs = ready.path("nfs").asText();
      NfsNullProbe.await(new Converters.HostAndPort().convert(nfs), PROBE_TIMEOUT);
      return true;
    } catch (IOException | TypeConversionException e) {
      return false; // not a ready line, or nobody answers there
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
      written = line + "\n";
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** Removes the file if it still holds what this process wrote. */
  void removeOwn() throws IOException {
    if (written != null && read().filter(written::equals).isPresent()) {
      Files.deleteIfExists(path);
    }
  }

  private Optional<String> read() throws IOException {
    if (path == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
