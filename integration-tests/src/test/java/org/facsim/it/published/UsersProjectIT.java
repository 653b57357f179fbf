/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.published;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A project of somebody else that names {@code facsim-junit} and nothing more. */
class UsersProjectIT {
  private static final int MAX_JARS = 12;
  private static final long MAX_BYTES = 12_000_000;

  /** What JUnit brings; its engine is the user's own. */
  private static final Pattern JUNIT =
      Pattern.compile(".*/org/(junit|opentest4j|apiguardian|jspecify)/.*");

  @TempDir private Path folder;

  @Test
  void getsThreeJarsAndAnArrayThatIsQuickOnTheWire() throws IOException {
    assumeTrue(Processes.isInstalled("mvn"), "no mvn on the PATH");
    Path repository = folder.resolve("repository");
    PublishedFiles.makeRepository(repository);
    Path project = folder.resolve("project");
    unpack(project, "pom.xml", "pom.xml");
    unpack(project, "UsersTest.java", "src/test/java/UsersTest.java");

    Path list = folder.resolve("class-path");
    try {
      Outcome outcome = build(repository, project, list);
      assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(0);
      assertThat(outcome.out()).contains("Tests run: 2, Failures: 0, Errors: 0, Skipped: 0");
      judge(Files.readString(list, UTF_8).strip());
    } finally {
      PublishedFiles.removeLinks(repository);
    }
  }

  private static void judge(String classPath) throws IOException {
    List<Path> jars =
        Stream.of(classPath.split(File.pathSeparator, -1))
            .filter(jar -> !JUNIT.matcher(jar).matches())
            .map(Path::of)
            .toList();
    assertThat(jars)
        .extracting(jar -> jar.getParent().getParent().getFileName().toString())
        .containsExactlyInAnyOrder("facsim-junit", "facsim-embedded", "slf4j-api")
        .hasSizeLessThanOrEqualTo(MAX_JARS);
    long bytes = 0;
    for (Path jar : jars) {
      bytes += Files.size(jar);
    }
    assertThat(bytes).isLessThanOrEqualTo(MAX_BYTES);
    System.out.printf("embedded class path: %d jars, %,d bytes%n", jars.size(), bytes);
  }

  private static Outcome build(Path repository, Path project, Path list) {
    return Processes.run(
        List.of(
            Processes.find("mvn").orElseThrow().toString(),
            "-o",
            "-B",
            "-ntp",
            "-f",
            project.resolve("pom.xml").toString(),
            "-Dmaven.repo.local=" + repository,
            "-Dmdep.outputFile=" + list,
            "test-compile",
            "dependency:build-classpath",
            "surefire:test"));
  }

  private static void unpack(Path project, String resource, String name) throws IOException {
    String text = Files.readString(Path.of("src/test/users-project", resource), UTF_8);
    Path file = project.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text.replace("@version@", PublishedFiles.VERSION));
  }
}
