/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.facsim.embedded.FacsimArray;
import org.facsim.management.HttpManagement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
  void takesAFileThatIsNotThere() {
    ReadyFile ready = new ReadyFile(folder.resolve("ready.json"));
    assertThatCode(ready::removeStale).doesNotThrowAnyException();
    assertThatCode(ready::removeOwn).doesNotThrowAnyException();
    assertThatCode(new ReadyFile(null)::removeStale).doesNotThrowAnyException();
    assertThatCode(new ReadyFile(null)::removeOwn).doesNotThrowAnyException();
  }

  @Test
  void theEndOfOneProcessLeavesTheLineOfTheOther() throws IOException {
    Path path = folder.resolve("ready.json");
    ReadyFile first = new ReadyFile(path);
    ReadyFile second = new ReadyFile(path);
    first.write("{\"nfs\":\"127.0.0.1:1\"}");
    second.write("{\"nfs\":\"127.0.0.1:2\"}");

    first.removeOwn();
    assertThat(path).hasContent("{\"nfs\":\"127.0.0.1:2\"}");
    second.removeOwn();
    assertThat(path).doesNotExist();
  }

  @Test
  void aProcessThatNeverBecameReadyLeavesTheLineOfTheOther() throws IOException {
    Path path = folder.resolve("ready.json");
    new ReadyFile(path).write("{}");
    new ReadyFile(path).removeOwn();
    assertThat(path).hasContent("{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "left by a crash",
        "{\"ready\":true}",
        "{\"nfs\":\"nonsense\"}",
        "{\"nfs\":\"127.0.0.1:99999\"}",
        "{\"nfs\":\"127.0.0.1:1\"}"
      })
  void whatAKilledProcessLeftIsRemovedAtTheStart(String left) throws IOException {
    Path path = Files.writeString(folder.resolve("ready.json"), left);
    new ReadyFile(path).removeStale();
    assertThat(path).doesNotExist();
  }

  @Test
  void theLineSaysWhetherHttpIsEncrypted() throws IOException {
    try (FacsimArray array =
        FacsimArray.builder()
            .volume("a", 1L << 30)
            .nfsPort(0)
            .management(HttpManagement.onPort(0))
            .start()) {
      String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
      assertThat(ReadyLine.of(array, 7, false)).contains("\"http\":\"" + door + "\"");
      assertThat(ReadyLine.of(array, 7, true)).contains("\"http\":\"https://" + door + "\"");
    }
  }

  @Test
  void theLineOfAnArrayThatAnswersStaysAtTheStartOfAnother() throws IOException {
    try (FacsimArray array = FacsimArray.builder().volume("a", 1L << 30).nfsPort(0).start()) {
      Path path = folder.resolve("ready.json");
      String line = ReadyLine.of(array, 7, false);
      new ReadyFile(path).write(line);
      new ReadyFile(path).removeStale();
      assertThat(path).hasContent(line);
    }
  }
}
