/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.published;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The jars that are published, looked at as files. */
class PublishedJarsIT {
  private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]*)</artifactId>");

  @Test
  void everyJarNamesItsModuleAndNoPackageIsInTwo() {
    List<ModuleDescriptor> modules =
        ModuleFinder.of(PublishedFiles.JARS.stream().map(PublishedFiles::jar).toArray(Path[]::new))
            .findAll()
            .stream()
            .map(module -> module.descriptor())
            .toList();

    assertThat(modules)
        .extracting(ModuleDescriptor::name)
        .containsExactlyInAnyOrder(
            "org.facsim.embedded", "org.facsim.junit", "org.facsim.testcontainers");
    Map<String, Long> modulesByPackage =
        modules.stream()
            .flatMap(module -> module.packages().stream())
            .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
    assertThat(modulesByPackage).hasSizeGreaterThan(10);
    assertThat(modulesByPackage).allSatisfy((name, count) -> assertThat(count).as(name).isOne());
  }

  @Test
  void everyClassIsOursOrUnderANameOfOurs() throws IOException {
    for (String module : PublishedFiles.JARS) {
      List<String> foreign = new ArrayList<>();
      try (JarFile jar = new JarFile(PublishedFiles.jar(module).toFile())) {
        jar.stream()
            .map(entry -> entry.getName())
            .filter(name -> name.endsWith(".class") && !name.startsWith("org/facsim/"))
            .forEach(foreign::add);
      }
      assertThat(foreign).as(module).isEmpty();
    }
  }

  @Test
  void theBillOfMaterialsNamesWhatIsPublishedInThisVersion() throws IOException {
    String bom = Files.readString(PublishedFiles.pom("facsim-bom"));
    assertThat(bom).contains("<version>" + PublishedFiles.VERSION + "</version>");
    assertThat(bom).doesNotContain("<parent>");
    Set<String> named =
        ARTIFACT
            .matcher(bom)
            .results()
            .map((MatchResult it) -> it.group(1))
            .collect(Collectors.toSet());
    named.remove("facsim-bom");
    assertThat(named).containsExactlyInAnyOrderElementsOf(PublishedFiles.JARS);
  }
}
