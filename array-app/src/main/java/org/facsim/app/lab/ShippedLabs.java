/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.facsim.app.scenario.FileProblem;
import org.facsim.app.scenario.WrongFileException;
import org.facsim.app.scenario.YamlFile;
import org.facsim.array.SystemFailure;

/** The labs that ship, and how a lab is found: by its name, or as a file. */
public final class ShippedLabs {
  /** In the order in which they are shown. */
  static final List<String> NAMES =
      List.of(
          "riddle",
          "mixed-cluster",
          "slow-clone",
          "blocked-clone-protocol",
          "full-datastore",
          "one-host-down",
          "no-space-back",
          "dead-hosts-lock");

  private ShippedLabs() {}

  /** A lab that ships. */
  public record Shipped(String name, String title, boolean isIncident) {}

  /** All of them. */
  public static List<Shipped> all() {
    return NAMES.stream()
        .map(
            name -> {
              try {
                LabFile lab = LabFileReader.read(name, name, text(name).orElseThrow(), 1);
                return new Shipped(name, lab.title(), lab.incident().isPresent());
              } catch (WrongFileException e) {
                throw new IllegalStateException(e);
              }
            })
        .toList();
  }

  /** The file of a lab that ships; empty if there is none of that name. */
  static Optional<String> text(String name) {
    if (!NAMES.contains(name)) {
      return Optional.empty();
    }
    try (InputStream in = ShippedLabs.class.getResourceAsStream(name + ".yaml")) {
      return Optional.of(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Finds and reads a lab.
   *
   * @param nameOrFile the name of one that ships, or a file
   * @throws WrongFileException which names everything that is wrong
   */
  static LabFile read(String nameOrFile, long seed) throws WrongFileException {
    Optional<String> shipped = text(nameOrFile);
    if (shipped.isPresent()) {
      return LabFileReader.read(nameOrFile, nameOrFile + ".yaml", shipped.get(), seed);
    }
    Path path = Path.of(nameOrFile);
    if (!Files.exists(path)) {
      throw wrong(
          nameOrFile,
          "there is no such file, and no such lab; allowed: a file, or "
              + String.join(", ", NAMES));
    }
    try {
      if (Files.size(path) > YamlFile.MAX_BYTES) {
        throw wrong(nameOrFile, "too long; allowed: at most " + YamlFile.MAX_BYTES + " bytes");
      }
      String name = path.getFileName().toString().replaceFirst("\\.ya?ml$", "");
      return LabFileReader.read(name, nameOrFile, Files.readString(path, UTF_8), seed);
    } catch (IOException e) {
      throw wrong(nameOrFile, "cannot be read: " + SystemFailure.inWords(e));
    }
  }

  private static WrongFileException wrong(String file, String words) {
    return new WrongFileException(List.of(new FileProblem(file, 0, 0, words)));
  }
}
