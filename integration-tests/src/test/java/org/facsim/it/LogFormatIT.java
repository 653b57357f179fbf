/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --log-format}, by a message that every start in an open directory has. */
class LogFormatIT {
  @TempDir private Path folder;

  @Test
  void aMessageIsOneObjectOnALine() throws IOException {
    List<String> lines = messages("json");
    assertThat(lines).isNotEmpty();
    for (String line : lines) {
      JsonNode message = new ObjectMapper().readTree(line);
      assertThat(message.path("level").asText()).as(line).isEqualTo("WARN");
      assertThat(message.path("timestamp").asLong()).as(line).isPositive();
      assertThat(message.path("threadName").asText()).as(line).isNotEmpty();
      assertThat(message.path("loggerName").asText()).as(line).startsWith("org.facsim.");
      assertThat(message.path("formattedMessage").asText()).as(line).isNotEmpty();
    }
  }

  @Test
  void otherwiseItIsText() throws IOException {
    assertThat(messages("text")).isNotEmpty().noneMatch(line -> line.startsWith("{"));
  }

  private List<String> messages(String format) throws IOException {
    Path data = Files.createDirectory(folder.resolve("data"));
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (FacsimServer server =
        FacsimServer.start(
            "--volume", "v=64MiB", "--data-dir", data.toString(), "--log-format", format)) {
      assertThat(server.terminate()).isZero();
      return server.errors().lines().toList();
    }
  }
}
