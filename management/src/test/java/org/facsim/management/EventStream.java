/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.facsim.embedded.FacsimArray;

/** A client that follows server-sent events, and names the last one that it knows. */
final class EventStream implements AutoCloseable {
  private final BufferedReader lines;

  /** An event as it came; the id is empty if it has none. */
  record Heard(String id, String name, JsonNode data) {}

  private EventStream(BufferedReader lines) {
    this.lines = lines;
  }

  /**
   * Follows.
   *
   * @param lastId the id of the last event that is known; null for none
   */
  static EventStream open(FacsimArray array, String path, String lastId) throws Exception {
    String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + door + path));
    if (lastId != null) {
      request.header("Last-Event-ID", lastId);
    }
    HttpResponse<java.io.InputStream> response =
        HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return new EventStream(
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
  }

  /** Waits for the next event. */
  Heard next() throws IOException {
    String id = "";
    String name = "";
    while (true) {
      String line = lines.readLine();
      assertThat(line).as("the stream has ended").isNotNull();
      if (line.startsWith("id: ")) {
        id = line.substring(4);
      } else if (line.startsWith("event: ")) {
        name = line.substring(7);
      } else if (line.startsWith("data: ")) {
        return new Heard(id, name, new ObjectMapper().readTree(line.substring(6)));
      }
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
