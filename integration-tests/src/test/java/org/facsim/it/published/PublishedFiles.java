/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.published;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The files of this build as a repository would have them. */
final class PublishedFiles {
  static final String VERSION = System.getProperty("facsim.version", "0.1.0-SNAPSHOT");
  static final List<String> JARS =
      List.of("facsim-embedded", "facsim-junit", "facsim-testcontainers");

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private PublishedFiles() {}

  static Path jar(String module) {
    return ROOT.resolve(module).resolve("target").resolve(module + "-" + VERSION + ".jar");
  }

  /** What stands for the source pom: an embedded array has lost the modules that are inside. */
  static Path pom(String module) {
    Path reduced = ROOT.resolve(module).resolve("dependency-reduced-pom.xml");
    return Files.exists(reduced) ? reduced : ROOT.resolve(module).resolve("pom.xml");
  }

  /**
   * Makes a local repository of Maven with all libraries of this machine, as links, and with our
   * files beside them, so that nothing is installed where other builds would find it.
   */
  static void makeRepository(Path repository) throws IOException {
    Path libraries = Path.of(System.getProperty("maven.repository"));
    Files.createDirectories(repository.resolve("org"));
    link(libraries, repository, "org");
    link(libraries.resolve("org"), repository.resolve("org"), "facsim");
    put(repository, "facsim", ROOT.resolve("pom.xml"), "pom");
    put(repository, "facsim-bom", pom("facsim-bom"), "pom");
    for (String module : JARS) {
      put(repository, module, pom(module), "pom");
      put(repository, module, jar(module), "jar");
    }
  }

  /** Takes the links away, which would trouble whoever deletes the folder around them. */
  static void removeLinks(Path repository) throws IOException {
    try (Stream<Path> entries = Files.walk(repository, 2)) {
      for (Path entry : entries.filter(Files::isSymbolicLink).toList()) {
        Files.delete(entry);
      }
    }
  }

  private static void link(Path from, Path to, String leftOut) throws IOException {
    try (Stream<Path> entries = Files.list(from)) {
      for (Path entry : entries.toList()) {
        if (!entry.getFileName().toString().equals(leftOut)) {
          Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
        }
      }
    }
  }

  private static void put(Path repository, String module, Path file, String extension)
      throws IOException {
    Path folder = repository.resolve(Path.of("org", "facsim", module, VERSION));
    Files.createDirectories(folder);
    Files.copy(file, folder.resolve(module + "-" + VERSION + "." + extension));
  }
}
