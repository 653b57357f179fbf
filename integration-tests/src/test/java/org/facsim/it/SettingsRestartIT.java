/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a volume was told over HTTP, and how options of the next start stand to that. */
class SettingsRestartIT {
  @TempDir private Path data;
  private final HttpClient client = HttpClient.newHttpClient();
  private FacsimServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private void start(String... options) {
    String[] all = new String[options.length + 6];
    System.arraycopy(options, 0, all, 6, options.length);
    System.arraycopy(
        new String[] {
          "--volume", "ds=64MiB", "--data-dir", data.resolve("array").toString(), "--http-port", "0"
        },
        0,
        all,
        0,
        6);
    server = FacsimServer.start(all);
  }

  private String send(String method, String path, String body) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + server.httpAddress() + path))
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build();
    HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return response.body();
  }

  private String profile() throws Exception {
    JsonNode profile = new ObjectMapper().readTree(send("GET", "/api/v1/volumes/ds/profile", null));
    return profile.path("name").asText();
  }

  @Test
  void volumesThatWereMadeResizedAndDeletedWhileItRanAreAsTheyWereAfterAKill() throws Exception {
    start();
    String made = "{\"name\": \"NAME\", \"sizeBytes\": 67108864, \"rules\": [\"10.0.0.0/8(ro)\"]}";
    send("POST", "/api/v1/volumes", made.replace("NAME", "new"));
    send("POST", "/api/v1/volumes", made.replace("NAME", "gone"));
    send("PATCH", "/api/v1/volumes/new", "{\"sizeBytes\": 134217728}");
    send("DELETE", "/api/v1/volumes/gone", null);
    String exports = send("GET", "/api/v1/volumes/new/exports", null);
    server.kill();

    server.restart();
    JsonNode volumes = new ObjectMapper().readTree(send("GET", "/api/v1/volumes", null));
    assertThat(volumes.path("items"))
        .map(volume -> volume.path("name").asText() + volume.path("space").path("sizeBytes"))
        .containsExactly("ds67108864", "new134217728");
    assertThat(send("GET", "/api/v1/volumes/new/exports", null)).isEqualTo(exports);
  }

  @Test
  void aProfileHoldsAfterAKillUntilAnOptionReplacesItAndComesBackWithAState() throws Exception {
    start();
    assertThat(profile()).isEqualTo("sharing");
    send("PUT", "/api/v1/volumes/ds/profile", "{\"profile\": \"takeover\"}");
    String exports = send("PUT", "/api/v1/volumes/ds/exports", "{\"rules\": [\"::1(ro)\"]}");
    send("POST", "/api/v1/states", "{\"name\": \"then\"}");
    server.kill();

    server.restart();
    assertThat(profile()).isEqualTo("takeover");
    assertThat(send("GET", "/api/v1/volumes/ds/exports", null)).isEqualTo(exports);
    assertThat(server.errors()).isEmpty();
    server.close();

    start("--vaai-profile", "ds=off");
    assertThat(profile()).isEqualTo("off");
    assertThat(server.errors())
        .contains(
            "volume ds: the VAAI profile of this start's options takes the place of what was"
                + " stored");
    send("POST", "/api/v1/states/then/restore", null);
    assertThat(profile()).as("a part of the state").isEqualTo("takeover");
    server.close();

    start();
    assertThat(profile()).as("told last").isEqualTo("takeover");
  }
}
