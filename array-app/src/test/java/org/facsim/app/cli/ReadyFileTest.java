/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadyFileTest {
  @TempDir private Path folder;

  @Test
  void replacesAnOlderFileAndLeavesNothingBesideIt() throws IOException {
    Path path = folder.resolve("ready.json");
    Files.writeString(path, "an older and much longer line than the new one");

    new ReadyFile(path).write("{}");

    assertThat(path).hasContent("{}");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(path);
    }
  }

  @Test
  void aFolderThatIsNotThereIsAnErrorAndLeavesNothing() {
    assertThatIOException()
        .isThrownBy(() -> new ReadyFile(folder.resolve("missing/ready.json")).write("{}"));
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void removeTakesAFileThatIsNotThere() {
    assertThatCode(() -> new ReadyFile(folder.resolve("ready.json")).remove())
        .doesNotThrowAnyException();
    assertThatCode(() -> new ReadyFile(null).remove()).doesNotThrowAnyException();
  }
}
