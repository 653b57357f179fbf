/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** That docs/glossary.md speaks of this code, and that a term is found where it is looked for. */
class GlossaryIT {
  private static final Path PROJECT = Path.of("..");
  private static final int SECTIONS = 4;

  /** A class in backquotes, with the package or member that may stand around it. */
  private static final Pattern CLASS =
      Pattern.compile("`(?:[a-z0-9]+\\.)*([A-Z]\\w*[a-z]\\w*)(?:\\.\\w+)*`");

  private static final Pattern TERM = Pattern.compile("^\\*\\*(.+?)\\.\\*\\* ", Pattern.MULTILINE);

  private final String glossary = read();

  private static String read() {
    try {
      return Files.readString(PROJECT.resolve("docs/glossary.md"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<String> found(Pattern pattern, String text) {
    return pattern.matcher(text).results().map((MatchResult match) -> match.group(1));
  }

  private static Set<String> classesOfTheProject() throws IOException {
    try (Stream<Path> modules = Files.list(PROJECT)) {
      Set<String> names = new TreeSet<>();
      for (Path sources :
          modules.map(each -> each.resolve("src")).filter(Files::isDirectory).toList()) {
        try (Stream<Path> files = Files.walk(sources)) {
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(".java"))
              .forEach(name -> names.add(name.substring(0, name.length() - ".java".length())));
        }
      }
      return names;
    }
  }

  private List<String> sections() {
    List<String> sections = List.of(glossary.split("(?m)^## ")).subList(1, 1 + SECTIONS);
    assertThat(sections).allSatisfy(each -> assertThat(found(TERM, each)).hasSizeGreaterThan(20));
    return sections;
  }

  @Test
  void everyClassThatIsNamedExists() throws IOException {
    Set<String> named = found(CLASS, glossary).collect(Collectors.toCollection(TreeSet::new));
    assertThat(named).hasSizeGreaterThan(100);
    assertThat(classesOfTheProject()).containsAll(named);
  }

  @Test
  void termsAreInAlphabeticalOrderInEachSection() {
    for (String section : sections()) {
      assertThat(found(TERM, section).map(term -> term.toLowerCase(Locale.ROOT))).isSorted();
    }
  }

  @Test
  void noTermIsExplainedTwice() {
    assertThat(sections().stream().flatMap(section -> found(TERM, section)))
        .doesNotHaveDuplicates();
  }
}
