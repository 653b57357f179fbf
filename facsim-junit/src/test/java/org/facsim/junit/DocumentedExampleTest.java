/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** docs/junit.md shows what runs, and names what there is. */
class DocumentedExampleTest {
  private static final Path DOCUMENT = Path.of("../docs/junit.md");
  private static final Path EXAMPLE =
      Path.of("src/test/java/org/facsim/junit/CloneExampleTest.java");

  @Test
  void theExampleIsATest() throws IOException {
    String source = Files.readString(EXAMPLE);
    String shown = source.substring(source.indexOf("@FacsimTest"));
    assertThat(Files.readString(DOCUMENT)).contains("```java\n" + shown + "```\n");
  }

  @Test
  void everyElementOfAnAnnotationIsNamed() throws IOException {
    String document = Files.readString(DOCUMENT);
    for (Class<?> annotation :
        new Class<?>[] {FacsimTest.class, Volume.class, StoredFile.class, Fault.class}) {
      assertThat(Arrays.stream(annotation.getDeclaredMethods()).map(it -> it.getName()))
          .filteredOn(name -> !name.equals("parameters"))
          .allMatch(document::contains);
    }
  }
}
