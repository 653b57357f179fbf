/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.facsim.it.NetworkNamespace;
import org.facsim.it.Processes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command in README.md and docs is run as written, page by page, in a scratch folder and in a
 * network of its own, so that ports are free whatever runs here. {@code -Dfacsim.page=NAME} plays
 * only pages of that name.
 *
 * <p>Pages of containers are played by {@code ContainerPagesIT}, the shell of simulated hosts by
 * {@code HostCommandsIT}.
 */
class DocumentedCommandsIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Set<String> PLAYED_ELSEWHERE = Set.of("containers.md", "host-commands.md");

  /** Without a language nobody can tell a command from what it prints. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(\\$ |(\\./)?facsim [a-z]+( (?![a-z]+:)|$)|(mvn|docker|curl|mount|nfs-ls|make|kubectl|go|java|python3|tshark) ).*");

  /** What the pages need. */
  static final Map<String, String> TOOLS =
      Map.of(
          "jq", "jq",
          "curl", "curl",
          "nfs-ls", "libnfs-utils",
          "make", "make",
          "gcc", "gcc",
          "rpcgen", "rpcsvc-proto",
          "showmount", "nfs-common",
          "rpcinfo", "rpcbind",
          "tshark", "tshark");

  private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

  @TempDir private Path scratch;

  static List<Page> pages() throws IOException {
    List<Path> paths = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      docs.filter(path -> path.toString().endsWith(".md"))
          .map(ROOT::relativize)
          .sorted()
          .forEach(paths::add);
    }
    return paths.stream().map(path -> Page.read(ROOT, path)).toList();
  }

  @TestFactory
  Stream<DynamicTest> everyCommandDoesWhatItsPageSays() throws IOException {
    String only = System.getProperty("facsim.page", "");
    return pages().stream()
        .filter(page -> only.isEmpty() || page.path().endsWith(only))
        .filter(page -> !PLAYED_ELSEWHERE.contains(page.path().getFileName().toString()))
        .filter(page -> page.blocks().stream().anyMatch(Page.Block::isRunFromHere))
        .map(page -> dynamicTest(page.path().toString(), () -> play(page)));
  }

  private void play(Page page) throws IOException {
    TOOLS.forEach(
        (tool, debianPackage) ->
            assumeTrue(
                Processes.isInstalled(tool),
                tool + " is missing: apt-get install " + debianPackage));
    String missing = NetworkNamespace.missing();
    assumeTrue(missing == null, missing);
    try (NetworkNamespace network = NetworkNamespace.create()) {
      Path folder = Files.createTempDirectory(scratch, "page");
      long begin = System.nanoTime();
      int commands =
          PagePlayer.play(page, Page.Block::isRunFromHere, network.prefix(), ROOT, folder);
      System.out.printf(
          "documents: %s, %d commands, %d ms%n",
          page.path(), commands, (System.nanoTime() - begin) / 1_000_000);
    }
  }

  @Test
  void whatIsNotRunFromHereSaysSo() throws IOException {
    Set<String> files = namesInTheProject();
    for (Page page : pages()) {
      for (Page.Block block : page.blocks()) {
        String where = page.path() + ":" + block.line();
        block
            .notTried()
            .ifPresent(why -> System.out.println("documents: " + where + " not tried: " + why));
        block
            .triedBy()
            .ifPresent(
                name -> {
                  System.out.println("documents: " + where + " tried by " + name);
                  assertThat(files).as(where).contains(name);
                });
      }
    }
  }

  @Test
  void commandsAreToldFromAllElse() throws IOException {
    for (Page page : pages()) {
      for (Page.Block block : page.blocks()) {
        if (!block.isOfCommands() && !block.language().equals("yaml")) {
          assertThat(block.lines())
              .as("%s:%d: commands are in blocks of 'sh' or 'console'", page.path(), block.line())
              .noneMatch(line -> COMMAND.matcher(line).matches());
        }
      }
    }
  }

  @Test
  void linksLeadToPagesAndHeadings() throws IOException {
    List<Path> paths = new ArrayList<>(pages().stream().map(Page::path).toList());
    paths.add(Path.of("ARCHITECTURE.md"));
    for (Path path : paths) {
      String text = Files.readString(ROOT.resolve(path));
      for (MatchResult link : LINK.matcher(text).results().toList()) {
        if (link.group(1).contains("://")) {
          continue;
        }
        String[] target = link.group(1).split("#", 2);
        Path page = target[0].isEmpty() ? path : path.resolveSibling(target[0]).normalize();
        assertThat(ROOT.resolve(page)).as("%s: %s", path, link.group()).exists();
        if (target.length == 2 && page.toString().endsWith(".md")) {
          assertThat(headings(page)).as("%s: %s", path, link.group()).contains(target[1]);
        }
      }
    }
  }

  /** Headings as links name them. */
  private static List<String> headings(Path page) throws IOException {
    return Files.readAllLines(ROOT.resolve(page)).stream()
        .filter(line -> line.startsWith("#"))
        .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(line -> line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
        .toList();
  }

  /** Names of test classes, and paths of scripts. */
  private static Set<String> namesInTheProject() throws IOException {
    Set<String> names = new TreeSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path tests :
          modules.map(each -> each.resolve("src/test")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(tests)) {
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
        }
      }
    }
    for (String folder : List.of(".ci", "benchmarks", "docs", "integration-tests")) {
      try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
        files.map(ROOT::relativize).map(Path::toString).forEach(names::add);
      }
    }
    return names;
  }
}
