/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemFailureTest {
  @Test
  void theReasonIsSaidAlsoWhereJavaHidesItInAName() {
    assertThat(SystemFailure.inWords(new AccessDeniedException("/data/lock")))
        .isEqualTo("Permission denied");
    assertThat(SystemFailure.inWords(new NoSuchFileException("/data/lock")))
        .isEqualTo("No such file or directory");
    assertThat(
            SystemFailure.inWords(new FileSystemException("/data", null, "Read-only file system")))
        .isEqualTo("Read-only file system");
    assertThat(SystemFailure.inWords(new IOException("Input/output error")))
        .isEqualTo("Input/output error");
    assertThat(SystemFailure.inWords(new IOException())).isEqualTo("the host does not say why");
  }

  @Test
  void whatAHostSaysIsUnderstood(@TempDir Path directory) throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    try {
      Files.createDirectory(file.resolve("below"));
      throw new AssertionError("a file is no directory");
    } catch (IOException e) {
      assertThat(SystemFailure.inWords(e)).isEqualTo("Not a directory");
    }
  }
}
