/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The console's files: all are there, find each other, and need nobody else. */
class ConsoleFilesTest {
  private static final Path FOLDER =
      Path.of("target/classes").resolve("org/facsim/management/console");
  private static final Pattern IMPORT =
      Pattern.compile("(?:\\bfrom\\s*|\\bimport\\s*\\(?\\s*)[\"'](\\.[^\"']+)[\"']");
  private static final Pattern ELSEWHERE = Pattern.compile("(?:https?:)?//[\\w.-]+\\.\\w+");
  private static final Pattern INLINE =
      Pattern.compile("<[^>]*\\s(?:style|on\\w+)=|<style|<script>");

  private static String page() {
    return ConsoleFiles.find("/").orElseThrow().text();
  }

  private static String assets() {
    var found = Pattern.compile("src=\"(/console/[0-9a-f]{16})/app\\.js\"").matcher(page());
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private static Set<String> listed() throws IOException {
    return new TreeSet<>(Files.readAllLines(FOLDER.resolve("files.txt")));
  }

  private static String text(String name) throws IOException {
    return Files.readString(FOLDER.resolve(name), UTF_8);
  }

  @Test
  void theListNamesEveryFile() throws IOException {
    Set<String> there;
    try (Stream<Path> files = Files.walk(FOLDER)) {
      there =
          files
              .filter(Files::isRegularFile)
              .map(file -> FOLDER.relativize(file).toString().replace('\\', '/'))
              .filter(name -> name.matches(".*\\.(html|css|js|svg)"))
              .collect(Collectors.toCollection(TreeSet::new));
    }
    assertThat(listed()).isEqualTo(there).hasSizeGreaterThan(20);
  }

  @Test
  void everyModuleFindsWhatItImports() throws IOException {
    for (String name : listed()) {
      if (name.endsWith(".js")) {
        Path folder = Path.of(name).resolveSibling(".");
        IMPORT
            .matcher(text(name))
            .results()
            .map(match -> folder.resolve(match.group(1)).normalize().toString())
            .forEach(
                wanted ->
                    assertThat(ConsoleFiles.find(assets() + "/" + wanted))
                        .as("%s of %s", wanted, name)
                        .isPresent());
      }
    }
  }

  @Test
  void everyPageLoadsItsFilesByTheHashOfAllOfThem() {
    Pattern.compile("(?:src|href)=\"([^\"]+)\"")
        .matcher(page())
        .results()
        .map(match -> match.group(1))
        .forEach(address -> assertThat(ConsoleFiles.find(address)).as(address).isPresent());
  }

  @Test
  void nothingIsInlineAndNothingComesFromElsewhere() throws IOException {
    for (String name : listed()) {
      if (name.startsWith("vendor/")) {
        continue;
      }
      String text = text(name).replace("http://www.w3.org/2000/svg", "");
      assertThat(ELSEWHERE.matcher(text).results().map(found -> found.group())).as(name).isEmpty();
      assertThat(INLINE.matcher(text).results().map(found -> found.group())).as(name).isEmpty();
    }
  }

  @Test
  void everyScriptOfOursHasItsTypesChecked() throws IOException {
    for (String name : listed()) {
      if (name.endsWith(".js") && !name.startsWith("vendor/")) {
        assertThat(text(name)).as(name).startsWith("// @ts-check");
      }
    }
  }

  @Test
  void pagesHaveAddressesAndOtherPathsHaveNone() {
    for (String path : List.of("/", "/vms", "/vms/datastore1/a/b", "/clones/x", "/settings")) {
      assertThat(ConsoleFiles.find(path).map(ConsoleFile::isPage)).as(path).contains(true);
    }
    for (String path :
        List.of(
            "/vmsx",
            "/api/v1/vms",
            "/console",
            "/console/",
            "/console/0000000000000000/app.js",
            assets(),
            assets() + "/../app.js",
            assets() + "/files.txt",
            assets() + "/index.html",
            "")) {
      assertThat(ConsoleFiles.find(path)).as(path).isEqualTo(Optional.empty());
    }
  }
}
