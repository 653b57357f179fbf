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
 * A file that exists while the array answers. It appears whole or not at all: written under another
 * name in the same folder, then renamed.
 *
 * <p>Several processes may be told the same file, by mistake or one after the other. The one that
 * became ready last has it: nobody removes a line that another process wrote and that still holds.
 */
final class ReadyFile {
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(1);

  private final Path path;

  /** What this process has written; null before. */
  private String written;

  /**
   * @param path where, or null for no file
   */
  ReadyFile(Path path) {
    this.path = path;
  }

  /**
   * Removes what a process left that was killed, so that nobody takes its line for this one's.
   * Where the line says, an array must answer; else it is stale.
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
      return false; // no line of ours, or nobody there
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

  /** Removes it if it still holds what this process wrote. */
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
