/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.facsim.embedded.FacsimArray;

/** Sends JSON to an array's HTTP door as a program does. */
final class ApiClient {
  private final HttpClient http = HttpClient.newHttpClient();
  private final FacsimArray array;

  ApiClient(FacsimArray array) {
    this.array = array;
  }

  /** Sends a request, whatever its answer is. */
  HttpResponse<String> ask(String method, String path, String body) throws Exception {
    String door = FacsimArray.hostAndPort(array.managementAddress().orElseThrow());
    return http.send(
        HttpRequest.newBuilder(URI.create("http://" + door + path))
            .header("Content-Type", "application/json")
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /**
   * Sends a request, whose answer must have this status.
   *
   * @param body null for none
   * @return the answer's JSON; null if it has no body
   */
  JsonNode send(String method, String path, String body, int status) throws Exception {
    HttpResponse<String> response = ask(method, path, body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return response.body().isEmpty() ? null : new ObjectMapper().readTree(response.body());
  }
}
