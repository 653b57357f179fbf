/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program on data directories of older formats, without any option for volumes. */
class OldDirectoryIT {
  private static final Path OLD_FORMATS = Path.of("../array-core/src/test/resources/old-formats");

  @TempDir private Path directory;

  private void unpack(String format) throws IOException {
    Path zip = OLD_FORMATS.resolve("format-" + format + ".zip");
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path to = directory.resolve(entry.getName());
        if (entry.isDirectory()) {
          Files.createDirectories(to);
        } else {
          Files.createDirectories(to.getParent());
          Files.copy(in, to);
        }
      }
    }
  }

  /** The volume that a new array has by default is not for one that lives there already. */
  @ParameterizedTest
  @ValueSource(strings = {"1", "2", "3"})
  void volumesKeepTheirSizes(String format) throws Exception {
    unpack(format);
    try (FacsimServer server =
        FacsimServer.start(
            "--data-dir", directory.resolve("data").toString(), "--http-port", "0")) {
      String body =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(
                          URI.create("http://" + server.httpAddress() + "/api/v1/volumes"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      assertThat(new ObjectMapper().readTree(body).path("items"))
          .map(volume -> volume.path("name").asText() + volume.path("space").path("sizeBytes"))
          .contains("datastore18589934592");
      assertThat(server.errors()).contains("was converted from format");
    }
  }
}
